"""The shape of ``spec/api/*.toml``: one file a docs page, a table row an inline table."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Dotted = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.]*$")]
Source = Annotated[str, Field(min_length=1)]  # of Python
Sentence = Annotated[str, Field(pattern=r"[.:]$")]
LawId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Row(BaseModel):
    """Refuse keys that no column has, so that a typing mistake is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Parameter(Row):
    name: Name
    type: Source
    default: Source | None = None
    kind: Literal["positional-only", "keyword-only"] | None = None
    description: Sentence


class FieldRow(Row):
    name: Name
    type: Source
    default: Source | None = None
    constraints: dict[str, int | str] = {}  # keywords of JSON Schema
    description: Sentence


class Returns(Row):
    type: Source
    description: Sentence


class Overload(Row):
    """What a function returns where one of its parameters has a narrower type."""

    parameter: Name
    type: Source
    return_type: Source
    description: Sentence


class Raises(Row):
    type: Dotted
    when: Sentence
    example: Source


class Law(Row):
    id: LawId
    text: Sentence


class Described(Row):
    """What every entry of a page has."""

    name: Name
    summary: Sentence
    details: list[Sentence] = []
    raises: list[Raises] = []
    laws: list[Law] = []
    async_laws: list[Law] = []  # of the awaited form, beside these


class Function(Described):
    module: Dotted = "cross_auth"
    classmethod: bool = False
    asynchronous: bool = False
    awaited_in: Dotted | None = None  # the module of its awaited form
    result: Source | None = None  # what the usage line binds
    parameters: list[Parameter] = []
    returns: Returns | None = None
    overloads: list[Overload] = []

    @property
    def return_type(self) -> str:
        return self.returns.type if self.returns else "None"

    @property
    def signatures(self) -> list["Function"]:
        """Return the function as its overloads declare it, the widest last; none where it has none."""
        narrow = [self._narrowed(overload) for overload in self.overloads]
        return [*narrow, self] if narrow else []

    def _narrowed(self, overload: Overload) -> "Function":
        rows = [
            row.model_copy(update={"type": overload.type}) if row.name == overload.parameter else row
            for row in self.parameters
        ]
        returns = Returns(type=overload.return_type, description=overload.description)
        return self.model_copy(update={"parameters": rows, "returns": returns, "overloads": []})


class Model(Described):
    module: Dotted
    frozen: bool
    strict: bool
    extra: Literal["ignore", "forbid"]
    fields: list[FieldRow]
    methods: list[Function] = []


class Protocol(Described):
    module: Dotted
    bases: list[Name] = []
    context_manager: bool = False
    asynchronous: bool = False
    awaited: Name | None = None  # the name of its awaited form
    methods: list[Function]


class Class(Described):
    module: Dotted
    bases: list[Name] = []
    implements: Name | None = None
    context_manager: bool = False
    asynchronous: bool = False
    awaited: Name | None = None
    parameters: list[Parameter] = []
    methods: list[Function] = []


Entry = Function | Model | Protocol | Class


class Page(Row):
    slug: Source
    title: Source
    description: Sentence
    order: int
    section: Source
    functions: list[Function] = []
    models: list[Model] = []
    protocols: list[Protocol] = []
    classes: list[Class] = []

    @property
    def entries(self) -> list[Entry]:
        return [*self.protocols, *self.models, *self.classes, *self.functions]


Spec = Annotated[list[Page], Field(min_length=1)]
parse = TypeAdapter(Spec).validate_python
