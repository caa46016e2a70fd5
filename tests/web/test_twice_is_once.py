"""A form that is sent twice, as by a double click, is done once, and both are led to the same answer."""

import re
from collections.abc import Callable, Mapping
from html import unescape

import pytest

from assettrack.domain.people_deeds import Registration
from assettrack.services import admission, contacts, holders, second_factors, slots
from assettrack.domain.tags import Place
