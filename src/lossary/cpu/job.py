"""A kernel's work as a job in memory, of whose chunks any thread takes some until none are left: LLVM's text.

Threads need no interpreter for that. A job is a row of words of 8 bytes; a thread takes ``step`` chunks at a time.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["ARGUMENTS", "BESIDE", "CHUNKS", "COLUMNS", "DONE", "LEFT", "NEXT", "ROOM", "ROWS", "STEP", "TEAM", "text"]

# The words of a job. The kernel's arguments follow, then two parts of a sum for each chunk.
NEXT, DONE, LEFT, CHUNKS, STEP, ROWS, COLUMNS, ROOM, ARGUMENTS = range(9)
LINE = 64  # bytes: a thread's own memory begins at a line

TEMPLATE = """
declare ptr @malloc(i64)
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

define internal void @work(ptr %job) {{
  %result = alloca ptr
  %exception = alloca ptr
  %done = getelementptr i64, ptr %job, i64 {DONE}
  %chunks = call i64 @word(ptr %job, i64 {CHUNKS})
  %step = call i64 @word(ptr %job, i64 {STEP})
  %rows = call i64 @word(ptr %job, i64 {ROWS})
  %columns = call i64 @word(ptr %job, i64 {COLUMNS})
  %size = call i64 @word(ptr %job, i64 {ROOM})
  %more.size = add i64 %size, {LINE}
  %raw = call ptr @malloc(i64 %more.size)
  %raw.is = ptrtoint ptr %raw to i64
  %beyond.is = add i64 %raw.is, {LINE}
  %room.is = and i64 %beyond.is, -{LINE}
  %room = inttoptr i64 %room.is to ptr
  %scratch = getelementptr i8, ptr %room, i64 {scratch}
  %partial = getelementptr i64, ptr %job, i64 {partial}
{load}
  br label %more
more:
  %start = atomicrmw add ptr %job, i64 %step seq_cst
  %some = icmp slt i64 %start, %chunks
  br i1 %some, label %run, label %end
run:
  %beyond = add i64 %start, %step
  %whole = icmp slt i64 %beyond, %chunks
  %stop = select i1 %whole, i64 %beyond, i64 %chunks
  {run}{arguments},
      ptr %room, ptr %scratch, ptr %partial, i64 %chunks, i64 %rows, i64 %columns, i64 %start, i64 %stop)
  %count = sub i64 %stop, %start
  %before = atomicrmw add ptr %done, i64 %count seq_cst
  br label %more
end:
  call void @free(ptr %raw)
  ret void
}}
"""

# How the kernel is called where it is part of @work, and where it is a function of its own beside it.
INSIDE, BESIDE = "%status = call i32 @KERNEL(ptr %result, ptr %exception, ", "call void @ENTRY("

# The function that each thread of a team is given: see threads.py.
TEAM = """
define void @ENTRY_team(ptr %job) {
  call void @work(ptr %job)
  ret void
}
"""


def text(types: Sequence[str], scratch: int, run: str = INSIDE) -> str:
    """The function @work, which takes part in a job; the kernel takes arguments of these types."""
    load = []
    for k, kind in enumerate(types, ARGUMENTS):
        load += [f"%at{k} = getelementptr i64, ptr %job, i64 {k}", f"%p{k} = load {kind}, ptr %at{k}"]
    return TEMPLATE.format(
        **{name: globals()[name] for name in ("DONE", "CHUNKS", "STEP", "ROWS", "COLUMNS", "ROOM", "LINE")},
        scratch=scratch, run=run, partial=ARGUMENTS + len(types), load="\n".join(f"  {line}" for line in load),
        arguments=", ".join(f"{kind} %p{k}" for k, kind in enumerate(types, ARGUMENTS)),
    )  # fmt: skip
