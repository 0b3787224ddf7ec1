"""The ids in paths of the API and of the control plane, as Starlette reads them. Knows no path."""

from __future__ import annotations

from typing import Final

from starlette.convertors import IntegerConvertor, register_url_convertor


class _Id(IntegerConvertor):
    """An id in a path. A longer one is no id: Python refuses to read thousands of digits."""

    regex = "[0-9]{1,19}"


ID: Final = "id"
register_url_convertor(ID, _Id())
