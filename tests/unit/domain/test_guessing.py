"""Passwords that a guesser tries early, in whatever way they are written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.actions.passwords import LEAST_LENGTH, PasswordProblem, password_problem
from dashboard.domain.guessing import letters_of
from dashboard.domain.inputs import Secret
from dashboard.domain.refusals import InputRefused

TOWN = ("Phước Long", "Thác Mơ", "Sơn Giang", "Phước Tín", "Bình Phước")
PERSON = "Nguyễn Thị Bưởi"
COMMON = [
    "password1234",
    "Password123!",
    "passw0rd!2024",
    "P@ssw0rd2024",
    "matkhau1234",
    "Matkhau@123",
    "Mật_khẩu_2024",
    "M@tkh4u123!",
    "iloveyou123",
    "anhyeuem123",
    "anh.yeu.em.2021",
    "Emyeuanh@1990",
    "1qaz2wsx3edc",
    "1q2w3e4r5t",
    "qwerty123456",
    "qwertyuiop[]",
    "asdfghjkl;",
    "zxcvbnm123",
    "qazwsxedcrfv",
    "abcdefghij",
    "abcd123456",
    "Abc@123456",
    "Admin@123456",
    "admin123456",
    "Welcome@123",
    "Vietnam@2021",
    "Hanoi@2021",
    "Binhphuoc2021",
    "conyeume123",
    "dashboard2024",
    "nguyenvanan1990",
    "tranthilan123",
    "123qwe!@#QWE",
    "aaaaaaaaaa",
    "ababababab",
    "hanhphuc2020",
    "xinchao@123",
    "giadinh1985",
    "quantri@123",
    "Kehoach@2021",
]
GOOD = (
    "bồ câu bay qua sông",
    "mưa đá rơi trên mái tôn",
    "Kx7#pq9vLm2",
    "chiếc thuyền nan 4 mái",
    "trâu gặm cỏ bờ đê",
    "correct horse battery staple",
    "vq8-tlm3-xwz0",
    "tim sen moc giua ao lang",
)
WAYS = {
    "as it is": str,
    "in capitals": str.upper,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "with separators": lambda text: ".".join((text[:4], text[4:])),
    "with a sign behind": lambda text: f"{text}!",
    "with a sign in front": lambda text: f"@{text}",
    "with a letter that nobody sees": lambda text: f"{text[:3]}\u200b{text[3:]}",
}


def problem(password: str, login: str = "hoa") -> PasswordProblem | None:
    return password_problem(password, login, [PERSON, *TOWN])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("password", COMMON)
def test_common_passwords_are_refused_however_they_are_written(password: str, way: str) -> None:
    assert problem(WAYS[way](password)) is not None


@pytest.mark.parametrize(
    "password",
    [
        "giaiphong30041975",
        "Chucmungnammoi2025",
        "Hoilhpn@2024",
        "Thu3ngay5thang11",
        "Khongquen123",
        "bimatkhongnoi",
        "toiladancongan",
        "tet nguyen dan 2025",
        "maatjkhaaur123",
        "Phuwowcslong2021",
    ],
)
def test_days_offices_and_sayings_that_everybody_knows_are_refused(password: str) -> None:
    assert problem(password) is not None


@pytest.mark.parametrize("password", GOOD)
def test_a_few_unrelated_words_or_ten_drawn_letters_are_taken(password: str) -> None:
    assert problem(password) is None


@pytest.mark.parametrize(
    "password",
    ["0987654321", "0912 345 678", "1980-12-31-01", "03.02.1930.03", "٠٩٨٧٦٥٤٣٢١", "+84 912 345 678"],
)
def test_digits_alone_are_refused(password: str) -> None:
    assert problem(password) is PasswordProblem.only_digits


@pytest.mark.parametrize(
    "password",
    [
        "phuoclong2021",
        "Phuoclong@2021",
        "Phước Long 2021",
        "phuoc-long-1234",
        "PhuocLongThacMo",
        "thacmo@2025!",
        "SonGiang123456",
        "gnolcouhp2021",
        "nguyenthibuoi",
        "Nguyễn Thị Bưởi 90",
        "buoi.nguyen.1990",
    ],
)
def test_the_towns_and_the_persons_own_names_are_refused(password: str) -> None:
    assert problem(password) is not None


def test_names_of_another_town_are_for_its_own_people_alone() -> None:
    word = "xomgocmitvang42"
    assert password_problem(word, "hoa", ["Xóm Gốc Mít Vàng"]) is PasswordProblem.names_only
    assert password_problem(word, "hoa", TOWN) is None


@pytest.mark.parametrize("password", ["canbothu2-01", "CanBoThu2.x9", "2uhtobnac 1"])
def test_the_own_login_is_refused(password: str) -> None:
    assert problem(password, login="canbothu2") is not None


@pytest.mark.parametrize(
    "password", ["ếếếếab", "ệệệệệệệệệ", "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301"]
)
def test_letters_are_counted_and_not_the_pieces_they_are_made_of(password: str) -> None:
    assert problem(unicodedata.normalize("NFD", password)) is PasswordProblem.too_short


@given(st.text(max_size=40))
def test_the_same_password_is_judged_alike_however_a_keyboard_composes_it(text: str) -> None:
    composed, pieces = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert letters_of(composed) == letters_of(pieces) <= len(composed)
    assert problem(composed) == problem(pieces)


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=300))
def test_no_password_is_too_odd_to_be_judged(text: str) -> None:
    if problem(text) is None:
        assert letters_of(text) >= LEAST_LENGTH


@pytest.mark.parametrize("secret", ["lặng lẽ " * 500, "lặng lẽ\x00", "lặng lẽ \ud800"])
def test_a_refusal_never_repeats_a_password(secret: str) -> None:
    with pytest.raises(InputRefused) as refused:
        Secret().read(secret, "password")
    assert "lặng" not in f"{refused.value!r} {refused.value.__cause__!r}"
    assert refused.value.__suppress_context__, "a log shows no fault that this one came from"
