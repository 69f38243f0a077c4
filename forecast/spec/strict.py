"""The base of every schema model, and the plain numbers that stand in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic_core import CoreSchema, core_schema

from forecast.spec.editor import numeric, written
from forecast.spec.notation import DURATION, NUMBER, read_duration, read_number
from forecast.spec.problem import as_text, problem


class Strict(BaseModel):
    """Base of every schema model: frozen, and no field that is not declared.

    Validators are built when a file first needs them: most commands meet few of the forms. What the
    docstrings of fields say is read by `json_schema`, not at every start (together 0.12 s).
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        arbitrary_types_allowed=True,
        defer_build=True,
    )


def number(value: Any) -> float:
    """Read a plain number."""
    return read_number(as_text(value))


@dataclass(frozen=True)
class Between:
    """Reads a plain number that lies between two others, both included."""

    low: float
    high: float
    said: str = ""

    def read(self, value: Any) -> float:
        """Read a number and hold it against the bounds."""
        if not self.low <= (found := number(value)) <= self.high:
            raise problem(f"`{value}` lies outside {self.low:g} to {self.high:,.0f}", self.said)
        return found

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        what = f"A number from {self.low:g} to {self.high:,.0f}" + (self.said and f"; {self.said}")
        told = numeric(f"{what}.", pattern=NUMBER, low=self.low, high=self.high)
        return dict(told.json_schema or {})


Positive = Annotated[float, Between(0.001, 1e6)]
Widen = Annotated[float, Between(0.1, 10)]
Discount = Annotated[float, Between(0.01, 1, "1: a case counts as one just like this")]
Count = Annotated[float, Between(0, 1e6)]
Sharpness = Annotated[float, Between(0.05, 20, "1: his logits are taken as he states them")]
Logits = Annotated[float, Between(0, 10, "it is a standard deviation in logits")]
Duration = Annotated[
    float,
    BeforeValidator(lambda value: read_duration(as_text(value))),
    written("A length of time.", "56 months", "3 weeks", pattern=DURATION),
]
Number = Annotated[float, BeforeValidator(number), numeric("A number.", "1200", pattern=NUMBER)]
