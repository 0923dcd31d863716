"""A kernel as a built-in function of Python, which takes numbers, runs one job and returns the sums.

It is LLVM IR of what an extension module in C would contain, and takes a third of the time of a call by ``ctypes``,
which matters for small batches. It uses Python's stable C API only. A wrong number or type of arguments raises
TypeError, and missing memory MemoryError.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

from lossary.execution.cpu.job import ARGUMENTS, lines_of, words

__all__ = ["function", "text"]

FASTCALL = 0x80  # METH_FASTCALL: the arguments come as an array

# The arguments before the kernel's. ``share`` is None, or a function that is called with the job's address and the
# number of threads, and then, however that ended, with 0 threads until no interrupt stops it. ``team`` and ``who`` are
# 0, or the addresses of OpenMP's functions that call a function on several threads and that number these.
FIRST = ("share", "team", "who", "threads", "step", "chunks", "rows", "columns", "room")

TEMPLATE = """
declare ptr @PyErr_Format(ptr, ptr, ...)
declare ptr @PyErr_NoMemory()
declare ptr @PyErr_Occurred()
declare ptr @PyTuple_GetItem(ptr, i64)
declare double @PyFloat_AsDouble(ptr)
declare i64 @PyLong_AsUnsignedLongLongMask(ptr)
declare ptr @Py_BuildValue(ptr, ...)
declare ptr @PyObject_CallFunction(ptr, ptr, ...)
declare void @Py_DecRef(ptr)
declare void @PyErr_Fetch(ptr, ptr, ptr)
declare void @PyErr_Restore(ptr, ptr, ptr)
declare void @PyErr_Clear()
declare ptr @PyEval_SaveThread()
declare void @PyEval_RestoreThread(ptr)

@ENTRY_format = internal constant [{format_size} x i8] c"({format})\\00"
@ENTRY_shared = internal constant [3 x i8] c"KK\\00"
@ENTRY_miscounted = internal constant [{message_size} x i8] c"{message}\\00"

define internal ptr @given(ptr %arguments, i64 %k) alwaysinline {{
  %place = getelementptr ptr, ptr %arguments, i64 %k
  %given = load ptr, ptr %place
  ret ptr %given
}}

define internal i64 @whole(ptr %arguments, i64 %k) alwaysinline {{
  %given = call ptr @given(ptr %arguments, i64 %k)
  %whole = call i64 @PyLong_AsUnsignedLongLongMask(ptr %given)
  ret i64 %whole
}}

define internal double @number(ptr %arguments, i64 %k) alwaysinline {{
  %given = call ptr @given(ptr %arguments, i64 %k)
  %number = call double @PyFloat_AsDouble(ptr %given)
  ret double %number
}}

define ptr @ENTRY_call(ptr %self, ptr %arguments, i64 %count) noinline optnone {{
  %kind = alloca ptr
  %error = alloca ptr
  %trace = alloca ptr
  %counted = icmp eq i64 %count, {count}
  br i1 %counted, label %read, label %miscounted
miscounted:
  %type.error = call ptr @PyTuple_GetItem(ptr %self, i64 2)
  %told = call ptr (ptr, ptr, ...) @PyErr_Format(ptr %type.error, ptr @ENTRY_miscounted, i64 %count)
  ret ptr null
read:
{read}
  %wrong = call ptr @PyErr_Occurred()
  %right = icmp eq ptr %wrong, null
  br i1 %right, label %prepare, label %leave
leave:
  ret ptr null
prepare:
  %job = call ptr @job(i64 %chunks, i64 %threads)
  %no.job = icmp eq ptr %job, null
  br i1 %no.job, label %no.memory, label %fill
fill:
  call void @keep(ptr %job, i64 {STEP}, i64 %step)
  call void @keep(ptr %job, i64 {ROWS}, i64 %rows)
  call void @keep(ptr %job, i64 {COLUMNS}, i64 %columns)
  call void @keep(ptr %job, i64 {ROOM}, i64 %room)
  call void @keep(ptr %job, i64 {WHO}, i64 %who)
{store}
  %alone = icmp eq i64 %threads, 1
  %no.team = icmp eq i64 %team, 0
  %asks = xor i1 %alone, true
  %asks.python = and i1 %asks, %no.team
  br i1 %asks.python, label %python, label %compute
compute:
  %state = call ptr @PyEval_SaveThread()
  br i1 %alone, label %one, label %several
one:
  call void @work(ptr %job)
  br label %computed
several:
  %call = inttoptr i64 %team to ptr
  %number = trunc i64 %threads to i32
  call void %call(ptr @ENTRY_team, ptr %job, i32 %number, i32 0)
  br label %computed
computed:
  call void @PyEval_RestoreThread(ptr %state)
  br label %done
python:
  %share = call ptr @given(ptr %arguments, i64 0)
  %begun = call ptr (ptr, ptr, ...) @PyObject_CallFunction(ptr %share, ptr @ENTRY_shared, ptr %job, i64 %threads)
  store ptr null, ptr %kind
  %failed = icmp eq ptr %begun, null
  br i1 %failed, label %keep.error, label %forget
keep.error:
  call void @PyErr_Fetch(ptr %kind, ptr %error, ptr %trace)
  br label %settle
forget:
  call void @Py_DecRef(ptr %begun)
  br label %settle
settle:
  %settled = call ptr (ptr, ptr, ...) @PyObject_CallFunction(ptr %share, ptr @ENTRY_shared, ptr %job, i64 0)
  %interrupted = icmp eq ptr %settled, null
  br i1 %interrupted, label %again, label %alone.again
again:
  %known = load ptr, ptr %kind
  %first = icmp eq ptr %known, null
  br i1 %first, label %keep.error, label %clear
clear:
  call void @PyErr_Clear()
  br label %settle
alone.again:
  call void @Py_DecRef(ptr %settled)
  %kind.is = load ptr, ptr %kind
  %fine = icmp eq ptr %kind.is, null
  br i1 %fine, label %done, label %raise
raise:
  %error.is = load ptr, ptr %error
  %trace.is = load ptr, ptr %trace
  call void @PyErr_Restore(ptr %kind.is, ptr %error.is, ptr %trace.is)
  br label %end
done:
  %failed.is = call i64 @word(ptr %job, i64 {FAILED})
  %computed.all = icmp eq i64 %failed.is, 0
  br i1 %computed.all, label %add, label %no.memory
no.memory:
  %said = call ptr @PyErr_NoMemory()
  br label %end
add:
  %sums = getelementptr i64, ptr %job, i64 {sums}
{totals}
  %result = call ptr (ptr, ...) @Py_BuildValue(ptr @ENTRY_format{results})
  br label %end
end:
  %given = phi ptr [ null, %raise ], [ null, %no.memory ], [ %result, %add ]
  call void @free(ptr %job)
  ret ptr %given
}}
"""


def text(types: Sequence[str], sums: int) -> str:
    """Print @ENTRY_call for a kernel with arguments of these types; it needs ``job.text`` before it."""
    read = [f"%{name} = call i64 @whole(ptr %arguments, i64 {k})" for k, name in enumerate(FIRST) if k]
    read += [_read(k, kind) for k, kind in enumerate(types)]
    store = [line for k, kind in enumerate(types) for line in _store(k, kind)]
    count = len(FIRST) + len(types)
    message = f"a kernel takes {count} arguments, %zd were given"
    totals = [line for k in range(sums) for line in _total(k)]
    return TEMPLATE.format(
        **words(), format="d" * sums, format_size=sums + 3, sums=ARGUMENTS + len(types),
        count=count, message=message, message_size=len(message) + 1,
        read=lines_of(read), store=lines_of(store), totals=lines_of(totals),
        results="".join(f", double %total{k}" for k in range(sums)),
    )  # fmt: skip


def _read(k: int, kind: str) -> str:
    """Print the conversion of an argument of the kernel."""
    read = "i64 @whole" if kind == "ptr" else "double @number"
    return f"%p{k} = call {read}(ptr %arguments, i64 {len(FIRST) + k})"


def _store(k: int, kind: str) -> list[str]:
    """Print instructions that store an argument of the kernel in the job."""
    place = f"%at{k} = getelementptr i64, ptr %job, i64 {ARGUMENTS + k}"
    return [place, f"store {'i64' if kind == 'ptr' else 'double'} %p{k}, ptr %at{k}"]


def _total(k: int) -> list[str]:
    """Print instructions that add up the k-th sum of all chunks."""
    return [
        f"%before{k} = mul i64 %chunks, {2 * k}",
        f"%sums{k} = getelementptr double, ptr %sums, i64 %before{k}",
        f"%total{k} = call double @total(ptr %sums{k}, i64 %chunks)",
    ]


class _Method(ctypes.Structure):
    """The structure PyMethodDef."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


def function(address: int, library: object) -> Any:
    """Make a built-in function of the machine code at an address; it keeps the library alive that holds the code."""
    method = _Method(b"kernel", address, FASTCALL, None)
    make = ctypes.pythonapi.PyCFunction_NewEx
    make.restype, make.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.py_object, ctypes.c_void_p)
    return make(ctypes.addressof(method), (method, library, TypeError), None)
