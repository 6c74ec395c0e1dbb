"""Codes as a map: each measure against a case worked out by hand or another way to compute it."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.metrics import pairwise_distances

from ae_core.autoencoder.model import Autoencoder, to_pixels
from ae_core.evaluation import latent_space
from ae_core.evaluation.latent_space import Plane, best_plane, principal_plane, unit_plane
from ae_core.spec import Spec


@pytest.fixture(scope="module")
def images() -> latent_space.Images:
    return np.random.default_rng(0).integers(0, 256, (1200, 784), dtype=np.uint8)


def model(code_size: int, loss: str = "bce", output: str = "sigmoid") -> Autoencoder:
    spec = Spec(code_size=code_size, depth=2, width=32, activation="silu", loss=loss, output=output)
    return Autoencoder.from_spec(spec).requires_grad_(False)


def random_codes(n: int, size: int) -> latent_space.Codes:
    values = np.random.default_rng(1).normal(size=(n, size)) * np.arange(1, size + 1)
    return values.astype(np.float32)


def any_labels(images: latent_space.Images) -> latent_space.Images:
    return np.arange(len(images)).astype(np.uint8) % 10


def blobs() -> tuple[latent_space.Codes, latent_space.Images]:
    """Ten tight groups of 40 codes far apart, in mixed order, and the number of the group as label."""
    labels = np.tile(np.arange(10, dtype=np.uint8), 40)
    centres = np.stack([np.arange(10) * 10, (np.arange(10) % 3) * 10], axis=1)
    noise = np.random.default_rng(2).normal(size=(400, 2)) * 0.1
    return (centres[labels] + noise).astype(np.float32), labels


def test_codes_in_batches_are_the_codes(images: latent_space.Images) -> None:
    network = model(3)
    codes = latent_space.encode_images(network, images)
    assert codes.dtype == np.float32
    np.testing.assert_allclose(codes, network.encode(to_pixels(images)).numpy(), atol=1e-5)


def test_decoded_codes_are_the_reconstructions(images: latent_space.Images) -> None:
    network = model(3)
    pictures = latent_space.decode_codes(network, latent_space.encode_images(network, images[:20]))
    np.testing.assert_array_equal(pictures, (network(to_pixels(images[:20])) * 255).round().to(torch.uint8).numpy())


def test_the_output_of_a_linear_decoder_is_clipped_not_wrapped() -> None:
    network = model(2, "mse", "linear")
    pictures = latent_space.decode_codes(network, np.full((1, 2), 1000, np.float32))
    output = network.decode(torch.full((1, 2), 1000.0)).numpy()
    assert (pictures[output >= 1] == 255).all()
    assert (pictures[output <= 0] == 0).all()
    assert output.max() > 2


@pytest.mark.parametrize("plane", [unit_plane(random_codes(50, 5), 3, 1), principal_plane(random_codes(50, 5))])
def test_a_plane_maps_positions_to_codes_and_back(plane: Plane) -> None:
    positions = random_codes(30, 2)
    np.testing.assert_allclose(plane.positions(plane.codes(positions)), positions, atol=1e-4)


def test_the_plane_of_two_units_moves_only_them() -> None:
    codes = random_codes(50, 4)
    moved = unit_plane(codes, 2, 0).codes(np.array([[7, -5]], np.float32))[0]
    np.testing.assert_allclose(moved, [-5, codes[:, 1].mean(), 7, codes[:, 3].mean()], rtol=1e-5)


def test_the_principal_plane_is_that_of_scikit_learn() -> None:
    codes = random_codes(300, 6)
    plane, expected = principal_plane(codes), PCA(2, svd_solver="full").fit(codes)
    np.testing.assert_allclose(plane.positions(codes).var(axis=0, ddof=1), expected.explained_variance_, rtol=1e-4)
    np.testing.assert_allclose(plane.positions(codes), expected.transform(codes), atol=1e-4)


@pytest.mark.parametrize("size", [1, 2])
def test_a_small_code_is_shown_as_it_is(size: int) -> None:
    codes = random_codes(40, size)
    np.testing.assert_array_equal(best_plane(codes).positions(codes)[:, :size], codes)


def test_a_range_leaves_out_the_outliers() -> None:
    values = np.arange(101, dtype=np.float32)[:, None] * np.array([1, -2], np.float32)
    values[-1, 0] = 1e6
    np.testing.assert_allclose(latent_space.value_ranges(values, 0.1), np.array([[10, -180], [90, -20]]))


def test_class_means_are_the_means_of_each_digit() -> None:
    codes = np.array([[1, 2], [3, 4], [10, 20]], np.float32)
    means = latent_space.class_means(codes, np.array([7, 7, 2], np.uint8))
    np.testing.assert_array_equal(means[[7, 2]], [[2, 3], [10, 20]])
    assert np.isnan(means[[0, 1, 3, 4, 5, 6, 8, 9]]).all()


def test_a_unit_that_does_not_vary_is_dead() -> None:
    codes = random_codes(100, 3)
    codes[:, 1] = 5
    assert latent_space.dead_units(codes).tolist() == [False, True, False]
    assert latent_space.dead_units(np.zeros((10, 2), np.float32)).all()


def test_the_manifold_covers_the_region_of_the_data() -> None:
    network, codes = model(2), random_codes(500, 2)
    grid = latent_space.manifold(network, best_plane(codes), codes)
    assert grid.pictures.shape == (20, 20, 784)
    low, high = np.quantile(codes, [0.02, 0.98], axis=0)
    np.testing.assert_allclose(grid.codes[0, 0], [low[0], high[1]], rtol=1e-5)  # top left
    np.testing.assert_allclose(grid.codes[-1, -1], [high[0], low[1]], rtol=1e-5)  # bottom right
    np.testing.assert_array_equal(grid.pictures[3, 4], latent_space.decode_codes(network, grid.codes[3, 4:5])[0])


def test_the_manifold_of_one_number_is_a_strip() -> None:
    codes = random_codes(100, 1)
    plane = best_plane(codes)
    assert latent_space.manifold(model(1), plane, plane.positions(codes)).pictures.shape == (1, 20, 784)


def test_tiles_keep_their_place() -> None:
    pictures = np.arange(6, dtype=np.uint8).repeat(784).reshape(2, 3, 784)
    picture = latent_space.tiled(pictures)
    assert picture.shape == (56, 84)
    np.testing.assert_array_equal(picture[::28, ::28], [[0, 1, 2], [3, 4, 5]])


def test_an_interpolation_starts_and_ends_at_its_codes() -> None:
    network, ends = model(3), random_codes(2, 3)
    codes, pictures = latent_space.interpolate(network, *ends)
    assert len(codes) == len(pictures) == 11
    np.testing.assert_allclose(codes[[0, 5, 10]], [ends[0], ends.mean(axis=0), ends[1]], rtol=1e-5)
    np.testing.assert_array_equal(pictures[10], latent_space.decode_codes(network, ends[1:])[0])


def test_groups_that_stand_apart_score_high_and_shuffled_ones_low() -> None:
    codes, labels = blobs()
    pixels = np.random.default_rng(3).integers(0, 256, (400, 784), dtype=np.uint8)
    apart = latent_space.embedding_scores(codes, labels, pixels)
    shuffled = latent_space.embedding_scores(codes, np.random.default_rng(4).permutation(labels), pixels)
    assert apart.accuracy == 1
    assert apart.silhouette > 0.9
    assert shuffled.accuracy < 0.3
    assert shuffled.silhouette < 0


def test_pixels_are_a_perfect_map_of_themselves(images: latent_space.Images) -> None:
    judged = latent_space.embedding_scores(images / 255, any_labels(images), images)
    assert judged.trustworthiness == pytest.approx(1)
    assert judged.continuity == pytest.approx(1)


def penalty(here: NDArray[np.float64], there: NDArray[np.float64], k: int) -> float:
    """1 - the penalty for neighbours here that are none there, as J. Venna and S. Kaski define it."""
    n = len(here)
    nearest = pairwise_distances(here).argsort(axis=1, kind="stable")[:, 1 : k + 1]
    ranks = pairwise_distances(there).argsort(axis=1, kind="stable").argsort(axis=1)  # of itself: 0
    excess = [max(0, ranks[i, j] - k) for i in range(n) for j in nearest[i]]
    return 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * sum(excess)


def test_trust_and_continuity_are_what_their_paper_defines(images: latent_space.Images) -> None:
    codes = (images[:, :3] / 255).astype(np.float32)
    judged = latent_space.embedding_scores(codes, any_labels(images), images)
    pixels, sample = images[3::4] / 255, codes[3::4].astype(np.float64)
    assert judged.trustworthiness == pytest.approx(penalty(sample, pixels, 12), abs=1e-4)  # float32 orders near ties
    assert judged.continuity == pytest.approx(penalty(pixels, sample, 12), abs=1e-4)
    assert judged.trustworthiness != pytest.approx(judged.continuity, abs=1e-3)


def test_a_random_projection_loses_more_than_pca_and_less_than_everything(images: latent_space.Images) -> None:
    codes, error = latent_space.random_projection(images, 32, images)
    assert codes.shape == (len(images), 32)
    pixels = images / 255
    pca = PCA(32, svd_solver="full").fit(pixels)
    kept = np.square(pca.inverse_transform(pca.transform(pixels)) - pixels).sum(axis=1).mean()
    assert kept < error < np.square(pixels - pixels.mean(axis=0)).sum(axis=1).mean()


def test_a_random_projection_is_the_same_for_everybody(images: latent_space.Images) -> None:
    first, again = (latent_space.random_projection(images[:50], 4, images)[0] for _ in range(2))
    np.testing.assert_array_equal(first, again)
