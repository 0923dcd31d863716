"""A kernel as an XLA custom call: LLVM IR around it, so that a program runs it without the interpreter.

XLA passes its buffers in the structures of ``xla/ffi/api/c_api.h``; the numbers below are offsets in these. Chunks are
shared with XLA's own threads. Each thread takes chunks until none are left, and the caller waits only for chunks that
others have begun, so that it ends even if no helper comes. A helper that is late finds no chunks, and the last thread
to leave frees the job; no thread touches the buffers after the caller has returned. Missing memory is an XLA error.
"""

from __future__ import annotations

import mmap
from dataclasses import dataclass

from lossary.execution.cpu import job
from lossary.execution.cpu.compile import CompiledKernel
from lossary.execution.cpu.job import ARGUMENTS, lines_of

__all__ = ["VERSION", "Handler", "text"]

VERSION = (0, 3)  # of XLA's interface
LARGE = 1 << 22  # bytes from which on a gradient gets huge pages, which are faster to touch first; NumPy does the same
ERROR_SIZE, EXHAUSTED = 28, 8  # of XLA_FFI_Error_Create_Args, in bytes; XLA_FFI_Error_Code_RESOURCE_EXHAUSTED
MESSAGE = "lossary: there is no memory for what a kernel needs beside its arrays"
SHARES = 4  # steps, about, in which a thread takes its chunks

SIZES = ("chunks", "rows", "columns", "room", "size")  # follow the other numbers of a call; the last two are in bytes

TEMPLATE = """
declare i32 @sched_yield()

@ENTRY_memory = internal constant [{message_size} x i8] c"{MESSAGE}\\00"

define internal void @leave(ptr %job) {{
  %place = getelementptr i64, ptr %job, i64 {LEFT}
  %present = atomicrmw sub ptr %place, i64 1 seq_cst
  %last = icmp eq i64 %present, 1
  br i1 %last, label %free, label %end
free:
  call void @free(ptr %job)
  br label %end
end:
  ret void
}}

define internal void @help(ptr %job) {{
  call void @work(ptr %job)
  call void @leave(ptr %job)
  ret void
}}

define internal i64 @threads(ptr %interface, ptr %context) {{
  %count = alloca i64
  %ask = alloca [4 x i64]
  store i64 1, ptr %count
  call void @keep(ptr %ask, i64 0, i64 32)
  call void @keep(ptr %ask, i64 1, i64 0)
  %context.is = ptrtoint ptr %context to i64
  call void @keep(ptr %ask, i64 2, i64 %context.is)
  %count.is = ptrtoint ptr %count to i64
  call void @keep(ptr %ask, i64 3, i64 %count.is)
  %function = call ptr @link(ptr %interface, i64 18)
  %problem = call ptr %function(ptr %ask)
  %known = icmp eq ptr %problem, null
  %found = load i64, ptr %count
  %threads = select i1 %known, i64 %found, i64 1
  ret i64 %threads
}}

define ptr @ENTRY(ptr %frame) {{
  %order = alloca [5 x i64]
  %extension = call ptr @link(ptr %frame, i64 1)
  %plain = icmp eq ptr %extension, null
  br i1 %plain, label %call, label %describe
describe:
  %metadata = call ptr @link(ptr %extension, i64 3)
  %version = getelementptr i32, ptr %metadata, i64 6
  store i32 {major}, ptr %version
  %minor = getelementptr i32, ptr %metadata, i64 7
  store i32 {minor}, ptr %minor
  ret ptr null
call:
  %interface = call ptr @link(ptr %frame, i64 2)
  %context = call ptr @link(ptr %frame, i64 3)
  %operands = call ptr @link(ptr %frame, i64 9)
  %results = call ptr @link(ptr %frame, i64 14)
  %attributes = call ptr @link(ptr %frame, i64 20)
  %attribute = call ptr @link(ptr %attributes, i64 0)
  %numbers = call ptr @link(ptr %attribute, i64 2)
{numbers}
  %threads = call i64 @threads(ptr %interface, ptr %context)
  %worth = sdiv i64 %chunks, {least}
  %few = icmp slt i64 %worth, %threads
  %enough = select i1 %few, i64 %worth, i64 %threads
  %none = icmp slt i64 %enough, 1
  %workers = select i1 %none, i64 1, i64 %enough
  %shares = mul i64 %workers, {SHARES}
  %part = sdiv i64 %chunks, %shares
  %small = icmp slt i64 %part, 1
  %step = select i1 %small, i64 1, i64 %part
  %job = call ptr @job(i64 %chunks, i64 %workers)
  %no.job = icmp eq ptr %job, null
  br i1 %no.job, label %no.memory, label %begin
begin:
  call void @keep(ptr %job, i64 {LEFT}, i64 %workers)
  call void @keep(ptr %job, i64 {STEP}, i64 %step)
  call void @keep(ptr %job, i64 {ROWS}, i64 %rows)
  call void @keep(ptr %job, i64 {COLUMNS}, i64 %columns)
  call void @keep(ptr %job, i64 {ROOM}, i64 %room)
{store}
  call void @keep(ptr %order, i64 0, i64 40)
  call void @keep(ptr %order, i64 1, i64 0)
  %context.is = ptrtoint ptr %context to i64
  call void @keep(ptr %order, i64 2, i64 %context.is)
  %help.is = ptrtoint ptr @help to i64
  call void @keep(ptr %order, i64 3, i64 %help.is)
  %job.is = ptrtoint ptr %job to i64
  call void @keep(ptr %order, i64 4, i64 %job.is)
  %schedule = call ptr @link(ptr %interface, i64 17)
  br label %ask
ask:
  %asked = phi i64 [ 1, %begin ], [ %next, %answer ]
  %more = icmp slt i64 %asked, %workers
  br i1 %more, label %one, label %own
one:
  %problem = call ptr %schedule(ptr %order)
  %comes = icmp eq ptr %problem, null
  br i1 %comes, label %answer, label %alone
alone:
  call void @leave(ptr %job)
  br label %answer
answer:
  %next = add i64 %asked, 1
  br label %ask
own:
  call void @work(ptr %job)
  %done.at = getelementptr i64, ptr %job, i64 {DONE}
  br label %wait
wait:
  %done = load atomic i64, ptr %done.at seq_cst, align 8
  %ready = icmp eq i64 %done, %chunks
  br i1 %ready, label %finish, label %yield
yield:
  %yielded = call i32 @sched_yield()
  br label %wait
finish:
  %failed.is = call i64 @word(ptr %job, i64 {FAILED})
  %computed = icmp eq i64 %failed.is, 0
  br i1 %computed, label %give, label %refuse
refuse:
  call void @leave(ptr %job)
  br label %no.memory
no.memory:
  call void @keep(ptr %order, i64 0, i64 {ERROR_SIZE})
  call void @keep(ptr %order, i64 1, i64 0)
  %message.is = ptrtoint ptr @ENTRY_memory to i64
  call void @keep(ptr %order, i64 2, i64 %message.is)
  call void @keep(ptr %order, i64 3, i64 {EXHAUSTED})
  %create = call ptr @link(ptr %interface, i64 6)
  %error = call ptr %create(ptr %order)
  ret ptr %error
give:
  %partial = getelementptr i64, ptr %job, i64 {partial}
  %total = call double @total(ptr %partial, i64 %chunks)
  %mean = fdiv double %total, %over
  %buffer = call ptr @link(ptr %results, i64 0)
  %value = call ptr @link(ptr %buffer, i64 3)
{write}
  call void @leave(ptr %job)
  ret ptr null
}}
"""

NO_PAGES = """
define internal void @pages(ptr %at, i64 %size) alwaysinline {{
  ret void
}}
"""

# Request huge pages for a result that was not touched yet.
PAGES = """
declare i32 @madvise(ptr, i64, i32)

define internal void @pages(ptr %at, i64 %size) {{
  %large = icmp sge i64 %size, {large}
  br i1 %large, label %ask, label %end
ask:
  %first = ptrtoint ptr %at to i64
  %up = add i64 %first, {below}
  %start = and i64 %up, {whole}
  %last = add i64 %first, %size
  %stop = and i64 %last, {whole}
  %inside = sub i64 %stop, %start
  %from = inttoptr i64 %start to ptr
  %told = call i32 @madvise(ptr %from, i64 %inside, i32 {advice})
  br label %end
end:
  ret void
}}
"""


@dataclass(frozen=True)
class Handler:
    """A function that XLA calls, the names of the arrays that it takes, and the numbers."""

    function: CompiledKernel
    arrays: tuple[str, ...]
    numbers: tuple[float, ...]

    @property
    def name(self) -> str:
        """A name that means the same machine code in every process."""
        return self.function.symbol


def text(arrays: int, gradients: int, numbers: int, dtype: str, least: int, scratch: int) -> str:
    """Print the handler, for a kernel that takes so many arrays, gradients and numbers, its factors among these."""
    pointers = arrays + gradients
    store = [line for k in range(pointers) for line in _buffer(k, arrays)]
    for k in range(numbers):
        store.append(f"%bits{k} = call i64 @word(ptr %numbers, i64 {k})")
        store.append(f"call void @keep(ptr %job, i64 {ARGUMENTS + pointers + k}, i64 %bits{k})")
    read = [line for k, name in enumerate(("over", *SIZES), numbers) for line in _number(k, name)]
    types = ["ptr"] * pointers + ["double"] * numbers
    write = ["%narrow = fptrunc double %mean to float", "store float %narrow, ptr %value"]
    huge = getattr(mmap, "MADV_HUGEPAGE", None)  # Linux has it
    pages = PAGES if huge is not None else NO_PAGES
    pages = pages.format(large=LARGE, below=mmap.PAGESIZE - 1, whole=-mmap.PAGESIZE, advice=huge)
    return pages + job.text(types, 1, scratch) + TEMPLATE.format(
        **job.words(), SHARES=SHARES, MESSAGE=MESSAGE, message_size=len(MESSAGE) + 1,
        ERROR_SIZE=ERROR_SIZE, EXHAUSTED=EXHAUSTED, major=VERSION[0], minor=VERSION[1], least=least,
        partial=ARGUMENTS + pointers + numbers, numbers=lines_of(read), store=lines_of(store),
        write=lines_of(write if dtype == "float32" else ["store double %mean, ptr %value"]),
    )  # fmt: skip


def _buffer(k: int, arrays: int) -> list[str]:
    """Print instructions that store the address of an operand or, after the value, of a result in the job."""
    source, place = ("%operands", k) if k < arrays else ("%results", k - arrays + 1)
    lines = [
        f"%buffer{k} = call ptr @link(ptr {source}, i64 {place})",
        f"%data{k} = call ptr @link(ptr %buffer{k}, i64 3)",
        f"%data{k}.is = ptrtoint ptr %data{k} to i64",
        f"call void @keep(ptr %job, i64 {ARGUMENTS + k}, i64 %data{k}.is)",
    ]
    return lines if k < arrays else [*lines, f"call void @pages(ptr %data{k}, i64 %size)"]


def _number(k: int, name: str) -> list[str]:
    """Print instructions that read a number of the call."""
    at = f"%{name}.at = getelementptr double, ptr %numbers, i64 {k}"
    if name == "over":
        return [at, "%over = load double, ptr %over.at"]
    return [at, f"%{name}.is = load double, ptr %{name}.at", f"%{name} = fptosi double %{name}.is to i64"]
