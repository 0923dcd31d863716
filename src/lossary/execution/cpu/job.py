"""The work of a kernel as a job, a record in memory from which threads take chunks until none are left: LLVM IR.

Threads need no interpreter for that. A job is a sequence of 64-bit words. Every thread has a share of the chunks, the
same as in the job before, so that its caches may hold the data. It takes ``step`` of them at a time, and then those of
threads that are late.

@job returns null where there is no memory for a job. A thread that gets no memory of its own takes chunks without
computing them, so that no other waits for these, and marks the job as failed.

What runs once for a call or a step of chunks is not optimised (``optnone``): that would be a sixth of a kernel's
compilation, and save nanoseconds.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "ARGUMENTS", "CHUNKS", "COLUMNS", "COME", "DONE", "FAILED", "LEFT", "ROOM", "ROWS", "STEP", "TEAM",
    "THREADS", "WHO", "lines_of", "text", "words",
]  # fmt: skip

# The words of a job: the number of threads that have come, of chunks done, of threads that have not left, sizes; the
# function that returns the number of the calling thread in an OpenMP team, or 0; 1 once a chunk was not computed. Then
# follow the kernel's arguments, the sums of chunks in two parts each, and the number of chunks taken of each share.
COME, DONE, LEFT, CHUNKS, STEP, ROWS, COLUMNS, ROOM, THREADS, WHO, FAILED, ARGUMENTS = range(12)
WORD, LINE = 8, 64  # bytes; a thread's own memory is aligned to cache lines

TEMPLATE = """
declare ptr @malloc(i64)
declare ptr @calloc(i64, i64)
declare void @free(ptr)

define internal i64 @word(ptr %at, i64 %k) alwaysinline {{
  %place = getelementptr i64, ptr %at, i64 %k
  %value = load i64, ptr %place
  ret i64 %value
}}

define internal ptr @link(ptr %at, i64 %k) alwaysinline {{
  %place = getelementptr ptr, ptr %at, i64 %k
  %value = load ptr, ptr %place
  ret ptr %value
}}

define internal void @keep(ptr %at, i64 %k, i64 %value) alwaysinline {{
  %place = getelementptr i64, ptr %at, i64 %k
  store i64 %value, ptr %place
  ret void
}}

define internal i64 @sums(i64 %chunks) alwaysinline {{
  %words = mul i64 %chunks, {per_chunk}
  ret i64 %words
}}

define internal ptr @job(i64 %chunks, i64 %threads) {{
  %sums = call i64 @sums(i64 %chunks)
  %more = add i64 %sums, %threads
  %words = add i64 %more, {partial}
  %job = call ptr @calloc(i64 %words, i64 {WORD})
  %none = icmp eq ptr %job, null
  br i1 %none, label %end, label %fill
fill:
  call void @keep(ptr %job, i64 {CHUNKS}, i64 %chunks)
  call void @keep(ptr %job, i64 {THREADS}, i64 %threads)
  br label %end
end:
  ret ptr %job
}}

define internal i64 @share(ptr %job) {{
  %who = call ptr @link(ptr %job, i64 {WHO})
  %unknown = icmp eq ptr %who, null
  br i1 %unknown, label %come, label %ask
come:
  %before = atomicrmw add ptr %job, i64 1 seq_cst
  ret i64 %before
ask:
  %number = call i32 %who()
  %own = sext i32 %number to i64
  ret i64 %own
}}

define internal i64 @first(i64 %share, i64 %chunks, i64 %threads) alwaysinline {{
  %product = mul i64 %share, %chunks
  %first = udiv i64 %product, %threads
  ret i64 %first
}}

define internal double @total(ptr %sums, i64 %chunks) {{
  br label %next
next:
  %k = phi i64 [ 0, %0 ], [ %after, %add ]
  %high = phi double [ 0.0, %0 ], [ %sum, %add ]
  %low = phi double [ 0.0, %0 ], [ %rest, %add ]
  %more = icmp slt i64 %k, %chunks
  br i1 %more, label %add, label %end
add:
  %place = getelementptr [2 x double], ptr %sums, i64 %k
  %value = load double, ptr %place
  %second = getelementptr double, ptr %place, i64 1
  %small = load double, ptr %second
  %sum = fadd double %high, %value
  %back = fsub double %sum, %high
  %kept = fsub double %sum, %back
  %lost = fsub double %high, %kept
  %gone = fsub double %value, %back
  %off = fadd double %lost, %gone
  %both = fadd double %off, %small
  %rest = fadd double %low, %both
  %after = add i64 %k, 1
  br label %next
end:
  %nothing = fsub double %high, %high
  %finite = fcmp oeq double %nothing, 0.0
  %exact = fadd double %high, %low
  %total = select i1 %finite, double %exact, double %high
  ret double %total
}}

define internal void @work(ptr %job) noinline optnone {{
  %done = getelementptr i64, ptr %job, i64 {DONE}
  %chunks = call i64 @word(ptr %job, i64 {CHUNKS})
  %step = call i64 @word(ptr %job, i64 {STEP})
  %rows = call i64 @word(ptr %job, i64 {ROWS})
  %columns = call i64 @word(ptr %job, i64 {COLUMNS})
  %size = call i64 @word(ptr %job, i64 {ROOM})
  %threads = call i64 @word(ptr %job, i64 {THREADS})
  %partial = getelementptr i64, ptr %job, i64 {partial}
  %sums = call i64 @sums(i64 %chunks)
  %taken = getelementptr i64, ptr %partial, i64 %sums
  %more.size = add i64 %size, {LINE}
  %raw = call ptr @malloc(i64 %more.size)
  %no.room = icmp eq ptr %raw, null
  %failed = getelementptr i64, ptr %job, i64 {FAILED}
  %raw.is = ptrtoint ptr %raw to i64
  %beyond.is = add i64 %raw.is, {LINE}
  %room.is = and i64 %beyond.is, -{LINE}
  %room = inttoptr i64 %room.is to ptr
  %scratch = getelementptr i8, ptr %room, i64 {scratch}
{load}
  %own = call i64 @share(ptr %job)
  %beyond.own = add i64 %own, %threads
  br label %share
share:
  %turn = phi i64 [ %own, %0 ], [ %next.turn, %next ]
  %k = urem i64 %turn, %threads
  %after.k = add i64 %k, 1
  %first = call i64 @first(i64 %k, i64 %chunks, i64 %threads)
  %last = call i64 @first(i64 %after.k, i64 %chunks, i64 %threads)
  %taken.k = getelementptr i64, ptr %taken, i64 %k
  br label %more
more:
  %at = atomicrmw add ptr %taken.k, i64 %step seq_cst
  %start = add i64 %first, %at
  %some = icmp slt i64 %start, %last
  br i1 %some, label %run, label %next
run:
  %beyond = add i64 %start, %step
  %whole = icmp slt i64 %beyond, %last
  %stop = select i1 %whole, i64 %beyond, i64 %last
  br i1 %no.room, label %refuse, label %compute
refuse:
  store atomic i64 1, ptr %failed seq_cst, align 8
  br label %counted
compute:
  call void @KERNEL({arguments},
      ptr %room, ptr %scratch, ptr %partial, i64 %chunks, i64 %rows, i64 %columns, i64 %start, i64 %stop)
  br label %counted
counted:
  %count = sub i64 %stop, %start
  %before = atomicrmw add ptr %done, i64 %count seq_cst
  br label %more
next:
  %next.turn = add i64 %turn, 1
  %left = icmp slt i64 %next.turn, %beyond.own
  br i1 %left, label %share, label %end
end:
  call void @free(ptr %raw)
  ret void
}}
"""

# The function that threads call to take part in a job: see threads.py.
TEAM = """
define void @ENTRY_team(ptr %job) {
  call void @work(ptr %job)
  ret void
}
"""


def text(types: Sequence[str], sums: int, scratch: int) -> str:
    """Print @job, which allocates a job; @work, which takes part in it; @total, which adds the sums of chunks.

    ``types`` are the LLVM types of the kernel's arguments.
    """
    load = []
    for k, kind in enumerate(types, ARGUMENTS):
        load += [f"%at{k} = getelementptr i64, ptr %job, i64 {k}", f"%p{k} = load {kind}, ptr %at{k}"]
    return TEMPLATE.format(
        **words(), scratch=scratch, partial=ARGUMENTS + len(types), per_chunk=2 * sums,
        load=lines_of(load),
        arguments=", ".join(f"{kind} %p{k}" for k, kind in enumerate(types, ARGUMENTS)),
    )  # fmt: skip


def lines_of(instructions: Sequence[str]) -> str:
    """Join instructions of a function."""
    return "\n".join(f"  {line}" for line in instructions)


def words() -> dict[str, int]:
    """Return the constants of this module by name, which templates refer to."""
    return {name: value for name, value in globals().items() if name.isupper() and isinstance(value, int)}
