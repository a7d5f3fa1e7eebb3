"""Programs and fonts that tests need from the system: missing ones are a reason to skip, but not where they must be.

`.ci/run` installs them all and sets `PIPELINE_TESTS_REQUIRE_PROGRAMS`: there a missing one is a failure.
"""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def require(reason: str) -> NoReturn:
    """Skip a test whose program is missing, or fail where programs are required.

    Args:
        reason: What is missing and what to install.
    """
    if os.environ.get("PIPELINE_TESTS_REQUIRE_PROGRAMS"):
        pytest.fail(reason)
    pytest.skip(reason)
