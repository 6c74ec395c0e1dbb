"""The stored maps of UMAP and t-SNE."""

from pathlib import Path

import numpy as np
import pytest

from ae_core.data.datasets import DataError, mnist
from ae_core.evaluation import umap_tsne as layouts
from ae_core.evaluation.latent_space import embedding_scores


def test_the_stored_layouts_are_of_the_digits_that_they_claim() -> None:
    data, chosen = mnist(), layouts.layout_digits()
    stored = layouts.read_layouts()
    assert set(stored) == {"UMAP", "t-SNE"}
    for positions in stored.values():
        assert positions.shape == (5000, 2)
        assert np.abs(positions).max() == pytest.approx(1)
        # were the labels of other digits beside them, one in ten would be right
        assert embedding_scores(positions, data.test_labels[chosen], data.test[chosen]).accuracy > 0.9


def test_the_stored_form_keeps_proportions() -> None:
    stored = layouts.stored_form(np.array([[0, 0], [20, 10], [10, 5]], float))
    np.testing.assert_array_equal(stored, [[-32767, -16384], [32767, 16384], [0, 0]])


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "layouts.npz"
    path.write_bytes(b"no archive")
    with pytest.raises(DataError, match=r"layouts\.npz"):
        layouts.read_layouts(path)
