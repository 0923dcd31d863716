"""How a checked call is computed: its plan, its compiled kernels, or the operations of its framework."""
