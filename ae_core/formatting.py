"""Numbers and lists as sentences have them."""

from collections.abc import Sequence


def counted(count: int, noun: str) -> str:
    """So many of something: "1 number", "2,000 numbers"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def with_article(word: str) -> str:
    """A word, or a number in digits, behind its indefinite article: "a 7", "an 8", "an image"."""
    vowel = word[:1].lower() in tuple("aeio") or word[:1] == "8" or word in ("11", "18")
    return f"an {word}" if vowel else f"a {word}"


def loss_text(value: float) -> str:
    """A loss with four decimals; one that has run away with fewer: "0.0873", "56,957", "3.72e+9"."""
    if abs(value) < 1e6:
        return f"{value:.4f}" if abs(value) < 1000 else f"{value:,.0f}"
    return with_exponent(value, 2)


def with_exponent(value: float, digits: int) -> str:
    """A number with so many decimals and a power of ten, as a browser writes it: "3.72e+9"."""
    return f"{value:.{digits}e}".replace("e+0", "e+")


def epoch_text(epoch: float) -> str:
    """How many times all training images were seen: "0.01", "0.43", "2.1", "150"."""
    return f"{round(epoch, 2):.2g}" if epoch < 10 else f"{epoch:,.0f}"


def three_digits(value: float) -> str:
    """A positive number in three digits, without an exponent: "0.0123", "36.2", "1,870"."""
    return f"{float(f'{value:.3g}'):,.10g}"


def listed(words: Sequence[str]) -> str:
    """Words one after another: "a", "a and b", "a, b and c"."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def spelled(count: int) -> str:
    """A small number as a word: "three"; from ten on in digits."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[count] if count < len(words) else f"{count:,}"


def signed(value: float) -> str:
    """A value of a code in about three digits, with a true minus sign: "+0.50", "−12.3", "+2.2e+5"."""
    size = abs(value)
    digits = 2 if size < 10 else 1 if size < 100 else 0
    return ("−" if value < 0 else "+") + (with_exponent(size, 1) if size >= 1e5 else f"{size:.{digits}f}")
