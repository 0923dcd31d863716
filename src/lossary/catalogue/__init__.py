"""The losses, one file for each task. Importing this package registers them."""

from __future__ import annotations

from lossary.catalogue import binary as binary
from lossary.catalogue import binary_confidence as binary_confidence
from lossary.catalogue import counts as counts
from lossary.catalogue import deviance as deviance
from lossary.catalogue import divergence as divergence
from lossary.catalogue import divergence_of_gaussians as divergence_of_gaussians
from lossary.catalogue import divergence_of_order as divergence_of_order
from lossary.catalogue import divergence_of_probabilities as divergence_of_probabilities
from lossary.catalogue import embedding as embedding
from lossary.catalogue import embedding_distance as embedding_distance
from lossary.catalogue import likelihood as likelihood
from lossary.catalogue import likelihood_bounded as likelihood_bounded
from lossary.catalogue import margin as margin
from lossary.catalogue import multiclass as multiclass
from lossary.catalogue import multiclass_confidence as multiclass_confidence
from lossary.catalogue import multiclass_margin as multiclass_margin
from lossary.catalogue import ordinal as ordinal
from lossary.catalogue import policy as policy
from lossary.catalogue import preference as preference
from lossary.catalogue import quantile as quantile
from lossary.catalogue import ranking as ranking
from lossary.catalogue import regression as regression
from lossary.catalogue import relative as relative
from lossary.catalogue import robust as robust
from lossary.catalogue import segmentation as segmentation
from lossary.catalogue import sequence as sequence
