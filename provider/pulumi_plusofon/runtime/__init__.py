"""What every other package may lean on: settings, the root of all errors, cancellation, plain text.

Imports nothing of ours, and knows neither the API nor Pulumi.
"""

from .errors import ConfigurationError, PlusofonError
from .settings import NAMESPACE, Settings

__all__ = ["NAMESPACE", "ConfigurationError", "PlusofonError", "Settings"]
