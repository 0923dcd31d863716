"""Checked calls: names, shapes, dtypes and values of what a user passes, checked once for all losses."""

from __future__ import annotations

from typing import Any

from lossary.catalogue.record import Record
from lossary.contract.keywords import (
    defaults_of,
    keywords,
    keywords_of,
    no_keyword,
    read_denominator,
    read_reduction,
)
from lossary.contract.reading import Reader, read_array, read_number
from lossary.contract.shapes import axis_of, check_order, check_places, match_shapes, shape_of
from lossary.errors import ArgumentTypeError
from lossary.frameworks import face_of
from lossary.frameworks.face import AnyFace, Array, Axis, DType, Shape
from lossary.kinds.call import Call, as_tuple, items_of
from lossary.kinds.layout import layout_of
from lossary.kinds.program import Options, embed
from lossary.kinds.rows import is_of_rows
from lossary.symbolic.graph import LABEL

__all__ = ["Call", "along_classes", "check_places", "inputs_of", "prepare", "shape_of", "validate"]

Given = dict[str, Any]  # what a user passes, by name


def prepare(record: Record, arrays: tuple[object, ...], given: Given) -> Call:
    """Check a call's arguments and convert them to the inputs of its program."""
    raw, options = _bind(record, arrays, given)
    face = face_of(record.name, [*raw.items(), *((k, v) for k, v in options.items() if k != "reduction")])
    values = _arrays(record, face, raw)
    options = defaults_of(record) | options
    reduction, denominator, empty = read_reduction(record, options)
    shape = shape_of(record, values)
    check_order(record, values, shape, options.get("axis"))
    axis = axis_of(record, options.get("axis"), len(shape))
    items = items_of(shape, as_tuple(axis))
    labels = match_shapes(record, face, values, shape, axis)
    floats = [v.dtype for v in values.values() if face.is_floating(v.dtype)]
    dtype = face.widest(floats)
    check_places(record, face, shape, axis, dtype, labels)
    inputs = inputs_of(record, face, values, dtype, items if labels else None)
    of_classes, numbers = along_classes(record, face, values[record.arguments[0].name], shape, items, axis, dtype)
    inputs |= of_classes
    numbers["_tolerance"] = 8.0 * max(map(face.eps, floats), default=face.eps(dtype))
    reader = Reader(record, face, inputs, numbers, shape, axis, dtype, labels)
    program_options = _read(reader, options)
    if not isinstance(denominator, str | float):
        denominator = read_denominator(record, face, denominator, values[record.arguments[0].name])
    dtypes = {name: value.dtype for name, value in values.items()}
    program = embed(record, program_options)
    return Call(
        record=record,
        face=face,
        options=program_options,
        inputs=inputs,
        numbers=numbers,
        shape=shape,
        items=items,
        axis=axis,
        dtype=dtype,
        reduction=reduction,
        denominator=denominator,
        empty=empty,
        dtypes=dtypes,
        program=program,
    )


def _read(reader: Reader, options: Given) -> Options:
    """Read parameters and keywords into the inputs and numbers; return the options of the program."""
    record, inputs = reader.record, reader.inputs
    free = frozenset(p.name for p in record.parameters if reader.parameter(p, options[p.name]))
    given = []
    for row in keywords_of(record):
        value = options[row.name]
        if row.read is None or value is row.default:
            continue
        if row.check and not row.takes_arrays:
            row.check(row, record, value)
        value = row.read(row, reader, value)
        if value is None:
            continue
        if isinstance(value, int | float):
            reader.numbers[row.name] = value
        else:
            inputs[row.name] = value
        given.append(row)
    arrays = {*free, *(row.name for row in given if row.axes is not None)}.intersection(inputs)
    return Options(
        free=free,
        given=tuple(given),
        unseen=frozenset(name for name in arrays if not reader.face.sees(inputs[name])),
        labels=reader.labels or record.compares_rows,
        guard=not reader.face.sees(*inputs.values()),
    )


def validate(record: Record, options: Given) -> None:
    """Check options that are given before the arrays, as ``configure`` takes them."""
    names = keywords(record)
    for name in options:
        if name not in names:
            raise ArgumentTypeError(no_keyword(record, name, options[name]))
    read_reduction(record, defaults_of(record) | options)
    for parameter in record.parameters:
        if parameter.name in options:
            read_number(record, parameter, options[parameter.name])
    for row in keywords_of(record):
        if row.check and options.get(row.name, row.default) is not row.default:
            row.check(row, record, options[row.name])


def _bind(record: Record, arrays: tuple[object, ...], given: Given) -> tuple[Given, Given]:
    """Return the arrays by name, and the other keywords."""
    names = [argument.name for argument in record.arguments]
    signature = f"{record.name}({', '.join(names)}, ...)"
    if len(arrays) > len(names):
        named = f", such as {record.parameters[0].name}=" if record.parameters else ""
        raise ArgumentTypeError(
            f"{signature} takes {len(names)} arrays, {len(arrays)} were given; name the options{named}."
        )
    values: Given = dict(zip(names, arrays, strict=False))
    options: Given = {}
    known = keywords(record) if given else ()
    for name, value in given.items():
        if name in values:
            raise ArgumentTypeError(f"{signature}: {name} was given twice.")
        (values if name in names else options)[name] = value
        if name not in names and name not in known:
            raise ArgumentTypeError(no_keyword(record, name, value))
    left_out = {
        argument.name for argument in record.arguments if argument.optional and values.get(argument.name) is None
    }
    missing = [name for name in names if name not in values and name not in left_out]
    if missing:
        raise ArgumentTypeError(f"{signature}: {' and '.join(missing)} not given.")
    return {name: values[name] for name in names if name not in left_out}, options


def inputs_of(
    record: Record, face: AnyFace, values: dict[str, Array], dtype: DType, labels: Shape | None
) -> dict[str, Array]:
    """Cast arrays to the dtype of the call, except those that are cast later, a block at a time.

    ``labels`` is the shape of a target of labels; None for another target.
    """
    any_dtype = record.by_element and not face.sees(*values.values())  # a GPU kernel casts what it reads
    later = {name for one in record.scores for name in one.factors} | ({"target"} if labels is not None else set())
    if record.axes and face.has_pointers and not is_of_rows(record):  # loops read labels as they are
        labelled = [one.name for one in record.arguments if one.domain.index_of]
        later |= {name for name in labelled if name in values and face.is_integer(values[name].dtype)}
    inputs = {
        name: value if any_dtype or name in later or value.dtype in face.halves else face.cast(value, dtype)
        for name, value in values.items()
    }
    if record.axes:
        inputs = {name: layout_of(record).laid(face, name, value) for name, value in inputs.items()}
    if labels is not None:
        inputs[LABEL] = face.reshape(face.as_labels(inputs.pop("target")), labels)
    return inputs


def _arrays(record: Record, face: AnyFace, values: Given) -> dict[str, Array]:
    like = next((value for value in values.values() if hasattr(value, "device")), None)
    return {name: read_array(record, face, name, value, like) for name, value in values.items()}


def along_classes(
    record: Record, face: AnyFace, like: Array, shape: Shape, items: Shape, axis: Axis, dtype: DType
) -> tuple[dict[str, Array], dict[str, int | float]]:
    """Return ``class_index``, for pairs ``label``, and the number ``classes``; of named axes, numbers of places."""
    if record.axes:
        return {}, layout_of(record).places(shape)
    if not isinstance(axis, int):
        return {}, {}
    along = tuple(n if i == axis else 1 for i, n in enumerate(shape))
    inputs = {"_class_index": face.reshape(face.arange(shape[axis], like), along)}
    if record.compares_rows:  # the i-th belongs to the i-th
        inputs[LABEL] = face.reshape(face.arange(shape[0], like), items)
    return inputs, {"_classes": 1.0 * shape[axis]}  # a float also for a symbolic size while PyTorch compiles
