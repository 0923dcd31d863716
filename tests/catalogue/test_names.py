"""Losses are found by the names that peers give them, where those mean the same; otherwise the choices are listed."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import os
from typing import Any

import numpy as np
import pytest

import lossary as ls
from lossary.catalogue.absent import unresolved
from lossary.catalogue.names import NOT_YET, UNRESOLVED
from lossary.errors import ArgumentError, ArgumentTypeError, LossaryError, UnknownLossError

os.environ.setdefault("KERAS_BACKEND", "torch")  # read when Keras is first imported
ALIASES = [(alias, record.name) for record in ls.losses() for alias in record.aliases]
NAMES = {record.name for record in ls.losses()}
UNSETTLED = [(name, entry) for entry in UNRESOLVED for name in entry.names]


def short(alias: str) -> str:
    return alias.rpartition(".")[2]


@pytest.mark.parametrize(("alias", "name"), ALIASES)
def test_a_peers_name_leads_to_the_loss(alias: str, name: str) -> None:
    assert ls.get(alias) is ls.get(name)
    assert unresolved(short(alias)) or ls.get(short(alias)) is ls.get(name)


def test_no_name_means_two_losses() -> None:
    meanings: dict[str, set[str]] = {}
    for alias, name in ALIASES:
        meanings.setdefault(alias, set()).add(name)
        if not unresolved(short(alias)):
            meanings.setdefault(short(alias), set()).add(name)
    assert {alias: names for alias, names in meanings.items() if len(names) > 1} == {}
    assert {alias: names for alias, names in meanings.items() if alias in NAMES and names != {alias}} == {}


def test_no_alias_is_disputed() -> None:
    assert {alias for alias, _ in ALIASES} & {name for name, _ in UNSETTLED} == set()


@pytest.mark.parametrize(("name", "entry"), UNSETTLED)
def test_a_disputed_name_lists_the_choices(name: str, entry: Any) -> None:
    with pytest.raises(UnknownLossError) as caught:
        ls.get(name)
    message = str(caught.value)
    assert entry.why in message
    assert all(f"{call} ({meaning})" in message for call, meaning in entry.choices.items())


@pytest.mark.parametrize("call", [call for entry in UNRESOLVED for call in entry.choices])
def test_a_choice_can_be_called_as_it_is_written(call: str) -> None:
    made = [node for node in ast.walk(ast.parse(call, mode="eval")) if isinstance(node, ast.Call)]
    assert made
    for node in made:
        assert isinstance(node.func, ast.Name)
        signature = getattr(ls, node.func.id).__signature__
        assert len(node.args) == sum(p.kind is p.POSITIONAL_OR_KEYWORD for p in signature.parameters.values())
        assert {keyword.arg for keyword in node.keywords} <= set(signature.parameters)


@pytest.mark.parametrize(
    "name",
    [
        "l2",
        "optax.l2_loss",
        "torch.nn.KLDivLoss",
        "F.kl_div",
        "F.cross_entropy",
        "mean_poisson_deviance",
        "NLLLoss",
        "log_loss",
    ],
)
def test_names_without_an_equal_raise_with_their_library_too(name: str) -> None:
    with pytest.raises(UnknownLossError, match="does not name a loss here"):
        ls.get(name)


def test_another_librarys_loss_of_our_name_is_not_taken_for_ours() -> None:
    with pytest.raises(UnknownLossError, match="Did you mean huber"):
        ls.get("elsewhere.huber")


def test_a_missing_attribute_names_the_right_one() -> None:
    with pytest.raises(AttributeError, match=r"lossary has no 'mse_loss': use lossary\.squared_error"):
        _ = ls.mse_loss  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"0\.5 \* squared_error"):
        _ = ls.l2_loss  # type: ignore[attr-defined]
    modules: Any = pytest.importorskip("lossary.torch")
    with pytest.raises(AttributeError, match=r"has no 'CrossEntropyLoss': use lossary\.torch\.SoftmaxCrossEntropy$"):
        _ = modules.CrossEntropyLoss
    with pytest.raises(AttributeError, match=r"has no 'Hubre': there is no loss 'Hubre'\. Did you mean huber"):
        _ = modules.Hubre
    assert issubclass(UnknownLossError, LossaryError)


@pytest.mark.parametrize("name", [name for names in NOT_YET.values() for name in names.split()])
def test_a_known_loss_that_is_not_here_says_so(name: str) -> None:
    for written in (name, f"elsewhere.{name}_loss", f"{name.title().replace('_', '')}Loss"):
        with pytest.raises(UnknownLossError, match=r"is a known loss \(.*\) that is not here yet"):
            ls.get(written)


WHAT_IT_TAKES = ("softmax", "categorical", "logits", "log", "squared", "nll", "distance", "gaussian")


@pytest.mark.parametrize("name", sorted(NAMES))
def test_no_loss_that_is_here_is_said_to_be_missing(name: str) -> None:
    """Under its name, nor under its name without the words for what it takes."""
    bare = "_".join(word for word in name.split("_") if word not in WHAT_IT_TAKES)
    for written in (name, bare):
        assert "is a known loss" not in answer(written)
        assert "is a known loss" not in answer(f"elsewhere.{written}_loss")


HERE_BY_NAME = {
    "sigmoid_focal softmax_focal categorical_focal": "focal focal_loss FocalLoss elsewhere.FocalLoss",
    "sigmoid_focal": "torchvision.ops.sigmoid_focal_loss kornia.losses.binary_focal_loss_with_logits",
    "binary_focal sigmoid_focal": "keras.losses.BinaryFocalCrossentropy BinaryFocalCrossentropy",
    "binary_sparsemax multiclass_sparsemax": "sparsemax SparsemaxLoss",
    "hinge crammer_singer": "sklearn.metrics.hinge_loss HingeLoss",
    "crammer_singer": "keras.losses.CategoricalHinge categorical_hinge",
    "softmax_cross_entropy": "LabelSmoothingCrossEntropy optax.losses.smooth_labels LabelSmoothing",
    "weston_watkins squared_weston_watkins": "torch.nn.MultiMarginLoss multi_margin_loss F.multi_margin_loss",
    "multilabel_margin": "torch.nn.MultiLabelMarginLoss multilabel_margin_loss multi_label_margin",
    "cumulative_link ordinal_cross_entropy": "ordinal OrdinalRegressionLoss ordinal_regression_loss",
    "softmax_focal": "kornia.losses.focal_loss softmax_focal_loss_with_logits",
    "softmax_poly1": "poly1 Poly1 Poly1Loss PolyLoss poly1_cross_entropy_loss",
    "softmax_symmetric_cross_entropy": "symmetric_cross_entropy SymmetricCrossEntropy sce_loss SCELoss",
    "total_variation_distance": "kornia.losses.total_variation",
}


@pytest.mark.parametrize(("losses", "names"), HERE_BY_NAME.items())
def test_a_name_of_several_losses_names_those_that_are_here(losses: str, names: str) -> None:
    for name in names.split():
        said = answer(name).replace(repr(name), "")
        assert all(loss in said for loss in losses.split())


def test_a_name_for_logits_of_classes_is_no_name_for_a_logit_of_yes() -> None:
    assert "sigmoid" not in answer("kornia.losses.focal_loss")
    assert "softmax" not in answer("torchvision.ops.sigmoid_focal_loss")


def test_labels_of_minus_1_and_1_have_an_answer() -> None:
    for name in ("optax.hinge_loss", "torch.nn.HingeEmbeddingLoss", "optax.losses.perceptron_loss", "SoftMarginLoss"):
        assert "(labels + 1) / 2" in answer(name)


def test_short_names_are_found_in_any_case() -> None:
    assert ls.get("TVD") is ls.get("tvd") is ls.total_variation_distance
    assert ls.get("HUBER(delta=2)") == ls.huber.configure(delta=2)
    for name in ("gce", "jsd", "kl", "ce", "nll", "crps", "rmse"):
        assert answer(name.upper()) == answer(name).replace(repr(name), repr(name.upper()))
    assert "Did you mean huber" in answer("elsewhere.HUBER")


def test_no_name_means_two_losses_in_lower_case() -> None:
    meanings: dict[str, set[str]] = {}
    for written, name in (*ALIASES, *((name, name) for name in NAMES)):
        if not unresolved(short(written)):
            meanings.setdefault(short(written).lower(), set()).add(name)
    assert {written: names for written, names in meanings.items() if len(names) > 1} == {}


def test_a_name_may_have_settings() -> None:
    assert ls.get("huber(delta=2)") == ls.huber.configure(delta=2.0)
    assert ls.get("torch.nn.HuberLoss(delta=2, reduction='sum')") == ls.huber.configure(delta=2, reduction="sum")
    assert ls.get("huber()") is ls.huber
    with pytest.raises(ArgumentTypeError, match="gamma"):
        ls.get("huber(gamma=2)")
    with pytest.raises(ArgumentError, match="delta is -1"):
        ls.get("huber(delta=-1)")
    for wrong in ("huber(2)", "huber(delta=2", "huber(delta=x)", "huber(delta=nan)", "huber(delta=2), huber()"):
        with pytest.raises(ArgumentError, match=r"names no loss; write it as 'huber\(delta=2\)'"):
            ls.get(wrong)


def test_an_infinite_setting_is_read_as_it_is_shown() -> None:
    loss = ls.general_robust.configure(alpha=-np.inf)
    assert repr(loss) == "<loss general_robust, alpha=-inf>"
    assert ls.get("general_robust(alpha=-inf)") == loss
    assert ls.from_dict(json.loads(json.dumps(loss.to_dict()))) == loss
    with pytest.raises(ArgumentError, match="alpha is inf; it must be finite or −∞"):
        ls.get("general_robust(alpha=inf)")


# --- every public loss of the peers that are installed --------------------------------------------------------------

NO_LOSSES = {"smooth_labels", "BaseLoss", "Loss", "get", "serialize", "deserialize"}
SOUND_LIKE_LOSSES = ("loss", "error", "entropy", "deviance", "divergence", "kl_div")


def public(module: str, *, every: bool = False) -> list[str]:
    """The losses of a module: all its functions and classes, or what is called like one."""
    found = pytest.importorskip(module)
    names = [name for name in dir(found) if not name.startswith("_") and name not in NO_LOSSES]
    names = [name for name in names if inspect.isfunction(value := getattr(found, name)) or inspect.isclass(value)]
    sounding = [name for name in names if any(name.lower().endswith(sound) for sound in SOUND_LIKE_LOSSES)]
    return [f"{module}.{name}" for name in (names if every else sounding)]


@pytest.mark.parametrize(
    ("module", "every", "fewest"),
    [
        ("torch.nn", False, 20), ("torch.nn.functional", False, 18), ("optax.losses", True, 25), ("optax", False, 10),
        ("sklearn.metrics", False, 15), ("sklearn._loss", False, 8), ("keras.losses", True, 40),
    ],
)  # fmt: skip
def test_every_public_loss_has_an_answer(module: str, every: bool, fewest: int) -> None:
    """It is a loss here, or its choices are listed, or it is said to come."""
    names = public(module, every=every)
    assert len(names) >= fewest
    answers = {name: answer(name) for name in names}
    assert {name: said for name, said in answers.items() if said.startswith("there is no loss")} == {}


def answer(name: str) -> str:
    try:
        return repr(ls.get(name))
    except UnknownLossError as problem:
        return str(problem)


@pytest.mark.parametrize("module", ["optax", "sklearn._loss"])
def test_a_short_path_is_the_long_one(module: str) -> None:
    """For each alias that the library shows under a shorter path, too."""
    found = pytest.importorskip(module)
    long = [alias for alias, _ in ALIASES if alias.startswith(f"{module}.") and hasattr(found, short(alias))]
    assert len(long) >= 2
    for alias in long:
        home = importlib.import_module(alias.rpartition(".")[0])
        assert getattr(found, short(alias)) is getattr(home, short(alias))
        assert ls.get(f"{module}.{short(alias)}") is ls.get(alias)


def test_a_short_path_is_explained_as_the_long_one() -> None:
    with pytest.raises(UnknownLossError, match=r"'optax.kl_divergence' does not name a loss here: it takes log-prob"):
        ls.get("optax.kl_divergence")
    with pytest.raises(UnknownLossError, match=r"huber\(prediction, target, delta=0.5\)"):
        ls.get("sklearn._loss.HuberLoss")


# --- an alias means the same number ---------------------------------------------------------------------------------

DRAW = np.random.default_rng(0)
NUMBERS, TRUTH = DRAW.normal(size=12), DRAW.normal(size=12)
ROWS, LABELS = DRAW.normal(size=(6, 4)), DRAW.integers(4, size=6)
CALLS: dict[str, tuple[Any, ...]] = {
    "squared_error": (NUMBERS, TRUTH),
    "absolute_error": (NUMBERS, TRUTH),
    "huber": (2 * NUMBERS, TRUTH),
    "smooth_l1": (2 * NUMBERS, TRUTH),
    "log_cosh": (2 * NUMBERS, TRUTH),
    "pinball": (NUMBERS, TRUTH),
    "absolute_percentage_error": (NUMBERS, TRUTH),
    "squared_logarithmic_error": (np.abs(NUMBERS), np.abs(TRUTH)),
    "gaussian_nll": (NUMBERS, TRUTH, DRAW.uniform(0.1, 2.0, size=12)),
    "poisson": (np.abs(NUMBERS), np.abs(TRUTH)),
    "log_poisson": (NUMBERS, np.abs(TRUTH)),
    "binary_cross_entropy": (DRAW.uniform(size=12), DRAW.uniform(size=12)),
    "sigmoid_cross_entropy": (NUMBERS, DRAW.uniform(size=12)),
    "categorical_cross_entropy": (DRAW.dirichlet(np.ones(4), 6), LABELS),
    "kl_divergence": (DRAW.dirichlet(np.ones(4), 6), DRAW.dirichlet(np.ones(4), 6)),
    "negative_log_likelihood": (np.log(DRAW.dirichlet(np.ones(4), 6)), LABELS),
    "softmax_cross_entropy": (ROWS, LABELS),
    "linear_cross_entropy": (ROWS, DRAW.normal(size=(4, 4)), LABELS),
    "crammer_singer": (ROWS, LABELS),
    "multiclass_perceptron": (ROWS, LABELS),
    "multiclass_sparsemax": (ROWS, LABELS),
    "binary_sparsemax": (2 * NUMBERS, (TRUTH > 0).astype(float)),
    "exponential": (NUMBERS, DRAW.uniform(size=12)),
    "cosine_distance": (ROWS, DRAW.normal(size=ROWS.shape)),
    "triplet_margin": (ROWS, *DRAW.normal(size=(2, *ROWS.shape))),
}
HERE = ("torch", "optax", "sklearn", "keras")


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize(("alias", "name"), [pair for pair in ALIASES if pair[0].split(".")[0] in HERE])
def test_an_alias_gives_the_same_number(alias: str, name: str) -> None:
    library = alias.split(".")[0]
    pytest.importorskip(library)
    module, _, attribute = alias.rpartition(".")
    peer = getattr(importlib.import_module(module), attribute)
    arrays = CALLS[name]
    of_peer = {"torch": of_torch, "optax": of_optax, "sklearn": of_sklearn, "keras": of_keras}[library]
    result = of_peer(peer, *arrays)
    assert float(ls.get(alias)(*arrays)) == pytest.approx(float(result), rel=1e-5)


def of_torch(peer: Any, *arrays: Any) -> Any:
    import torch

    return (peer() if isinstance(peer, type) else peer)(*map(torch.from_numpy, arrays))


def of_optax(peer: Any, *arrays: Any) -> Any:
    takes_labels = peer.__name__.endswith("integer_labels") or peer.__name__.startswith("multiclass_")
    if arrays[-1].dtype.kind == "i" and not takes_labels:
        arrays = *arrays[:-1], np.eye(4)[arrays[-1]]
    return np.mean(peer(*(a.astype("float32") if a.dtype.kind == "f" else a for a in arrays)))


def of_keras(peer: Any, prediction: Any, target: Any) -> Any:
    one_hot = target.dtype.kind == "i" and not peer.__name__.lower().startswith("sparse")
    truth = np.eye(4)[target] if one_hot else target
    return np.mean(np.asarray((peer() if isinstance(peer, type) else peer)(truth, prediction)))


def of_sklearn(peer: Any, prediction: Any, target: Any) -> Any:
    if isinstance(peer, type):
        loss = peer(**({"n_classes": 4} if "n_classes" in inspect.signature(peer).parameters else {}))
        return loss(target.astype(float), prediction)
    return peer(target, prediction)


@pytest.mark.parametrize(
    ("written", "name"),
    [("kto_loss", "kto"), ("IPOLoss", "ipo"), ("BradleyTerry", "bradley_terry"), ("binary_focal_loss", "binary_focal")],
)
def test_a_loss_is_found_by_its_own_name_as_others_write_it(written: str, name: str) -> None:
    assert ls.get(written).record.name == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("QuantileLoss", "pinball"), ("quantileloss", "pinball"), ("VonMises", "von_mises_nll"),
        ("log-cosh", "log_cosh"), ("bce_loss", "binary_cross_entropy"), ("BCEWithLogits", "sigmoid_cross_entropy"),
        ("mean squared error", "squared_error"), ("Wing", "wing"),
    ],
)  # fmt: skip
def test_the_spelling_of_a_name_does_not_matter(written: str, name: str) -> None:
    assert ls.get(written).record.name == name


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("SigmoidFocalLoss", "sigmoid_focal_loss"), ("WingLoss", "wing_loss"), ("CharbonnierLoss", "charbonnier_loss"),
        ("kornia.losses.CharbonnierLoss", "charbonnier_loss"), ("PolicyGradientLoss", "policy_gradient_loss"),
        ("L2Loss", "l2"), ("KL_Loss", "kl_loss"), ("PseudoHuberLoss", "pseudo_huber"), ("nt-xent", "nt_xent"),
        ("GeneralizedDice", "generalized_dice"), ("RMSELoss", "rmse"), ("BetaNLLLoss", "beta_nll_loss"),
    ],
)  # fmt: skip
def test_a_name_without_a_single_meaning_has_none_in_another_spelling(written: str, listed: str) -> None:
    assert answer(written).partition(": ")[2] == answer(listed).partition(": ")[2]
    assert answer(listed).startswith(f"{listed!r} does not name a loss here")


def test_what_is_not_alike_is_not_suggested() -> None:
    assert answer("VAE") == "there is no loss 'VAE'. lossary.losses() lists them all."
    assert "Did you mean huber?" in answer("hubre")
    assert "Did you mean kto?" in answer("elsewhere.KTOLoss")


def test_weights_of_classes_are_not_taken_for_weights_of_items() -> None:
    for name in ("torch.nn.CrossEntropyLoss", "CrossEntropyLoss", "torch.nn.functional.nll_loss"):
        with pytest.raises(ArgumentError, match=r"weight is one number for each class, which is class_weight= here"):
            ls.get(f"{name}(weight=[1.0, 2.0])")
        assert ls.get(f"{name}(class_weight=[1.0, 2.0])").options == {"class_weight": [1.0, 2.0]}
    assert ls.get("torch.nn.BCELoss(weight=[1.0, 2.0])").options == {"weight": [1.0, 2.0]}
    assert ls.get("softmax_cross_entropy(weight=[1.0, 2.0])").options == {"weight": [1.0, 2.0]}


def test_a_loss_of_an_unknown_library_is_not_found_by_our_name() -> None:
    with pytest.raises(UnknownLossError, match=r"there is no loss 'elsewhere\.KTOLoss'"):
        ls.get("elsewhere.KTOLoss")
