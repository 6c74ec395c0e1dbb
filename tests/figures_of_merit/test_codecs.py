"""What rounding a code may cost: the default network after one epoch, all 10,000 test digits."""

import pytest

from ae_core.autoencoder.model import Autoencoder
from ae_core.codecs.image_codecs import EXACT
from ae_core.codecs.learned import network_rows
from ae_core.codecs.ledger import Cost, break_even, measured
from ae_core.codecs.quantise import Ranges
from ae_core.data.datasets import mnist
from ae_core.evaluation.latent_space import encode_images
from ae_core.spec import Spec
from ae_core.training.loop import train


@pytest.fixture(scope="module")
def rows() -> dict[int, Cost]:
    *_, last = train(Spec(), mnist())
    assert last.weights is not None
    model = Autoencoder.from_weights(Spec(), last.weights).requires_grad_(False)
    return network_rows(model, mnist().test, Ranges.of(encode_images(model, mnist().train)))


def test_eight_bits_a_unit_cost_at_most_two_per_cent_of_mse(rows: dict[int, Cost]) -> None:
    assert rows[8].mse <= 1.02 * rows[32].mse
    assert rows[8].unsqueezed == 32
    assert rows[8].bytes_each < 32


def test_the_code_is_smaller_than_gzip_but_only_from_some_thousand_digits_on(rows: dict[int, Cost]) -> None:
    coder, digits = EXACT["exact, together"]["gzip, all together"], mnist().test[:2000]
    gzip = measured("gzip", "", sum(map(len, coder.pack(digits))), digits, digits)
    assert 5 * rows[8].bytes_each < gzip.bytes_each
    assert 1_000 < break_even(rows[8], gzip) < 5_000
    assert rows[32].exact == 0
