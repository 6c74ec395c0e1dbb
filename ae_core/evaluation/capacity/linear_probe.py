"""What a code is worth: how well a linear classifier reads the class from it."""

import warnings

import numpy as np
from numpy.typing import NDArray

LABELS = 1_000


def probe_accuracy(
    codes: NDArray[np.floating], labels: NDArray[np.integer], test_codes: NDArray[np.floating],
    test_labels: NDArray[np.integer],
) -> float:
    """Share of test images whose class a linear classifier gets right that has seen a few labelled codes.

    Logistic regression of scikit-learn on standardised codes: the classes have to be apart already, it
    cannot bend anything. After G. Alain and Y. Bengio, "Understanding intermediate layers using linear
    classifier probes", 2016.

    codes (n, size), labels (n,) : what it learns from; test_codes (m, size), test_labels (m,)
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from threadpoolctl import threadpool_limits

    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=200))
    with threadpool_limits(1), warnings.catch_warnings():  # the cores belong to the training
        warnings.simplefilter("ignore", ConvergenceWarning)  # 200 rounds are near enough
        classifier.fit(codes, labels)
        return float(classifier.score(test_codes, test_labels))
