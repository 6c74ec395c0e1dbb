"""Query strings that nobody means well: ten thousand of them, and an experiment for each."""

from random import Random
from urllib.parse import parse_qs, urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from ae_core.spec import RULES, Spec

LINKS = 10_000
NASTY = [
    "", " ", "nan", "-inf", "1e999", "9" * 5000, "-0", "0x10", "1_000", "٣", "½", "²", "true", "None", "[1]", "{}",
    "\x00", "\r\nSet-Cookie: a=b", "<script>alert(1)</script>", "**b** [a](javascript:x)", "$x$", "💥", "\u202e",
    "x" * 5000, "../../etc/passwd", "%00", "' OR 1=1 --", "mnist\x00",
]
ADDRESS = "".join(map(chr, range(32, 127))) + "&&&===%%%+;é💥\x00"
EACH = 20  # links of an example: to draw a random generator is cheap, to draw a text is not


def hostile_link(random: Random) -> str:
    """Settings with nasty values, some of them twice; or just any characters that an address bar takes."""
    if random.random() < 0.3:
        return "".join(random.choices(ADDRESS, k=random.randrange(60)))
    values = [*NASTY, str(random.uniform(-1e9, 1e9)), str(random.getrandbits(70)), random.choice(ADDRESS) * 3]
    names = [*RULES, "run", "link", "__class__", ""]
    return urlencode([(random.choice(names), random.choice(values)) for _ in range(random.randrange(6))])


@settings(max_examples=LINKS // EACH)
@given(st.randoms(use_true_random=True))
def test_ten_thousand_hostile_links_give_an_experiment_and_short_plain_notices(random: Random) -> None:
    for _ in range(EACH):
        link = hostile_link(random)
        values = parse_qs(link, keep_blank_values=True)  # as Streamlit reads it; the last value of a name counts
        spec, notices = Spec.from_query({name: found[-1] for name, found in values.items()})
        assert Spec.from_query(spec.to_query()) == (spec, []), link
        for notice in notices:
            assert notice.isprintable() and notice.endswith(".") and len(notice) < 250, link
