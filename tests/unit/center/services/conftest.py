"""A fresh city for each test."""

import pytest

from tests.fakes.city import FakeCity


@pytest.fixture
def city() -> FakeCity:
    return FakeCity()
