"""A Python function on OpenMP's threads, those that PyTorch's own operations run on.

Between two operations these threads wait for the next one without giving their processors away. Others, of our own,
would wait for a processor in the meantime.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from lossary.execution.cpu.compile import CompiledKernel
from lossary.frameworks import threads

__all__ = ["TEXT", "together"]

# What a thread calls: the function, whose address is the first word of a job. The other words are the first exception,
# as Python's C API has it: an interrupt may come before the function's first line, where Python could not catch it.
TEXT = """
declare i32 @PyGILState_Ensure()
declare void @PyGILState_Release(i32)
declare ptr @PyObject_CallObject(ptr, ptr)
declare void @Py_DecRef(ptr)
declare void @PyErr_Fetch(ptr, ptr, ptr)
declare void @PyErr_Clear()

define void @ENTRY_task(ptr %job) noinline optnone {
  %state = call i32 @PyGILState_Ensure()
  %function = load ptr, ptr %job
  %made = call ptr @PyObject_CallObject(ptr %function, ptr null)
  %failed = icmp eq ptr %made, null
  br i1 %failed, label %problem, label %fine
fine:
  call void @Py_DecRef(ptr %made)
  br label %end
problem:
  %kind = getelementptr ptr, ptr %job, i64 1
  %error = getelementptr ptr, ptr %job, i64 2
  %trace = getelementptr ptr, ptr %job, i64 3
  %known = load ptr, ptr %kind
  %first = icmp eq ptr %known, null
  br i1 %first, label %keep, label %forget
keep:
  call void @PyErr_Fetch(ptr %kind, ptr %error, ptr %trace)
  br label %end
forget:
  call void @PyErr_Clear()
  br label %end
end:
  call void @PyGILState_Release(i32 %state)
  ret void
}
"""
_PARALLEL = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint)
_raise = ctypes.PYFUNCTYPE(None, *[ctypes.c_void_p] * 3)(("PyErr_Restore", ctypes.pythonapi))


def together(kernel: CompiledKernel, work: Callable[[], None], number: int) -> None:
    """Call a function on some threads, and raise what it raised first; a kernel has the machine code of TEXT."""
    team = threads.team()
    if team is None:
        threads.together(work, number)
        return
    job = (ctypes.c_void_p * 4)(id(work))
    _PARALLEL(team[0])(kernel.addresses["task"], ctypes.addressof(job), number, 0)
    if job[1]:
        _raise(*job[1:])
