"""Settings, the root of all errors, the clock, text and YAML: for every other package.

Imports nothing of ours, and knows neither the API nor Pulumi.
"""

from .errors import ConfigurationError, PlusofonError
from .settings import NAMESPACE, Settings

__all__ = ["NAMESPACE", "ConfigurationError", "PlusofonError", "Settings"]
