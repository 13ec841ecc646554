"""A run's settings: a small frozen table a component, every default once, unknown keys refused."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

NONE = "none"
"""How a file says that there is no such limit or setting: TOML has no word for it."""

T = TypeVar("T")
Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(gt=0, le=1)]
Ahead = Annotated[int, Field(ge=0)]
Amount = Annotated[float, Field(gt=0)]
Part = Annotated[float, Field(ge=0)]
Rung = Annotated[tuple[Count, Count, Share], Field(strict=False)]
"""Seeds, steps, and the share of the newcomers that goes on."""
Strategy = Literal["rank", "boltzmann", "pareto", "curiosity", "novelty"]
Axis = Literal["cost", "growth", "bends", "steepness", "lopsidedness", "trainability"]
Told = Literal["tried", "inspirations", "memory", "task-names"]
Optional = Annotated[T | None, BeforeValidator(lambda value: None if value == NONE else value)]


class Table(BaseModel):
    """Base of all tables: values never change, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class SearchTable(Table):
    """What varies programs."""

    seed: int = Field(0, ge=0, description="the same seed and recorded replies give the same run")
    operators: tuple[str, ...] = Field(
        ("llm", "gp", "pangaea", "ramachandran"),
        strict=False,
        min_length=1,
        description="who makes proposals: blind-NAME asks without parents, llm@MODEL another model",
    )
    weights: tuple[float, ...] = Field(
        (),
        strict=False,
        description="how often each is asked; empty: by what its proposals earn for their cost",
    )
    control_share: float = Field(
        0.1,
        ge=0,
        le=0.5,
        description="trials for the controls: random, and models asked without parents",
    )
    tokens_per_evaluation: Amount = Field(
        2000.0, description="language-model tokens that weigh as much as one evaluation"
    )
    dollars_per_evaluation: Amount = Field(
        0.01, description="dollars that weigh as much as one evaluation"
    )
    screen: Count = Field(
        1,
        description="proposals made for each that goes on, the one most like the fit; 1: no screen",
    )
    screen_by: Literal["curve", "tangent"] = Field(
        "curve", description="what likeness is: the function, or its neural tangent kernel"
    )
    founders: tuple[str, ...] = Field(
        (),
        strict=False,
        description="textbook activations to begin with; empty: all of tier 1",
    )


class ModelTable(Table):
    """The language model that the llm operator asks."""

    name: str = Field(
        "local:smollm2-135m",
        description="local:NAME_OR_PATH, any litellm name, or what the base_url's server calls it",
    )
    base_url: Optional[str] = Field(None, description="an OpenAI-compatible server to ask instead")
    style: Literal["auto", "few-shot", "full"] = Field(
        "auto", description="how much it is told; auto: few-shot for local models, else full"
    )
    tells: tuple[Told, ...] = Field(
        ("tried", "inspirations", "memory"),
        strict=False,
        description="what a full question tells beside the parent: tried, inspirations, memory, "
        "task-names (which give the tasks' formulas away)",
    )
    memory_every: int = Field(
        50,
        ge=0,
        description="scored programs between two digests of what worked; told in full, a model "
        "writes it; 0: no digest",
    )
    repairs: int = Field(
        2, ge=0, le=5, description="how often a refused program goes back to its model, in full"
    )
    grammar: Literal["auto", "never"] = Field(
        "auto", description="auto: few-shot replies are held to the grammar where the model can"
    )
    options: dict[str, Any] = Field(
        {}, description="what else the provider is told, e.g. {reasoning_effort = 'low'}; no keys"
    )
    cross_share: float = Field(
        0.25, ge=0, le=1, description="how often two parents are crossed, not one varied"
    )
    temperature: float = Field(0.8, ge=0, le=2, description="higher varies more")
    max_tokens: Count = Field(400, description="longest reply")
    timeout_seconds: Amount = Field(120.0, description="longest wait for one reply")

    @field_validator("options")
    @classmethod
    def _holds_no_key(cls, options: dict[str, Any]) -> dict[str, Any]:
        told = json.dumps(options).lower()
        if any(
            word in told for word in ("api_key", "api-key", "authorization", "bearer ", 'token"')
        ):
            raise ValueError("no keys: they come from the environment or from a file .env")
        return options

    @property
    def is_told_in_full(self) -> bool:
        """Whether rules, figures and memory are told, and not only a few examples."""
        return self.style == "full" or (self.style == "auto" and not self.name.startswith("local:"))


class DatabaseTable(Table):
    """How the population is kept."""

    islands: Count = Field(3, description="sub-populations that rarely mix")
    descriptors: tuple[Axis, ...] = Field(
        ("cost", "growth", "bends"),
        strict=False,
        min_length=1,
        description=f"axes of behaviour space, among {', '.join(get_args(Axis))}",
    )
    bins: Count = Field(6, description="cells an axis of behaviour space")
    selection: Strategy = Field(
        "rank", description=f"how parents are drawn: {', '.join(get_args(Strategy))}"
    )
    migrate_every: Count = Field(40, description="newcomers between two migrations")
    reset_every: int = Field(
        400, ge=0, description="newcomers until the weakest island begins anew; 0: never"
    )


class SandboxTable(Table):
    """What one program may cost and use."""

    flops: Count = Field(100, description="FLOP budget: operations per element, forward")
    operations: Count = Field(96, description="largest number of operations in the graph")
    parameters: int = Field(8, ge=0, description="most trainable scalars of an activation")
    seconds: Amount = Field(120.0, description="wall time of one measurement, then it is ended")
    memory_mb: Count = Field(2048, description="memory of a training process, above the idle one")


class FitnessTable(Table):
    """How programs are measured."""

    suite: str = Field("lab", description="the tasks: a name, or a TOML file (`evolve tasks`)")
    split: str = Field("search", description="search; valid picks finalists; test is locked")
    seeds: Count = Field(4, description="seeds a task")
    steps: Count = Field(400, description="training steps of one net")
    width: Count = Field(32, description="units of a hidden layer")
    hidden_layers: Count = Field(2, description="layers that end in an activation")
    placement: str = Field("all", description="where the candidate stands: all, first, layer k")
    elsewhere: str = Field("GELU", description="the activation of the other hidden layers")
    optimiser: Literal["adam", "sgd"] = Field("adam", description="sgd has momentum 0.9")
    device: Literal["cpu", "cuda"] = Field(
        "cpu", description="where nets are trained; on cuda in batches"
    )
    rungs: tuple[Rung, ...] = Field(
        ((1, 300, 0.15),),
        strict=False,
        description="cheap rungs before the full measurement: seeds, steps (at most `steps`), and "
        "the share of the newcomers that goes on; []: none",
    )
    promotion_seeds: int = Field(
        8, ge=0, description="fresh seeds for whatever would be the best; 0: never measured again"
    )


class EvaluatorsTable(Table):
    """Where programs are trained."""

    kind: Literal["auto", "serial", "ray"] = Field(
        "auto", description="auto: Ray for more than one worker, or for a cluster"
    )
    workers: Count = Field(1, description="programs trained at once")
    address: Optional[str] = Field(
        None, description="a Ray cluster to join: auto, or HOST:PORT of its head; none: one here"
    )
    cpus_per_worker: Literal["auto"] | Amount = Field(
        "auto",
        description="cores of a worker, which share out the tasks of a program; auto: all of this "
        "machine, but one each on Ray",
    )
    gpus_per_worker: Part = Field(0.0, description="GPUs that Ray sets aside a worker")
    memory_gb: Part = Field(0.0, description="memory set aside a worker; 0: not asked")
    labels: dict[str, str] = Field(
        {}, description="labels that a node must have for a worker, e.g. {zone = 'a'}"
    )
    ahead: Literal["auto"] | Ahead = Field(
        "auto",
        description="proposals made ahead a worker; 0 with one worker repeats exactly; auto: as "
        "many as keep evaluators busy, 2 for a model on this machine",
    )

    @property
    def cores(self) -> float:
        """What Ray sets aside a worker."""
        return 1.0 if self.cpus_per_worker == "auto" else self.cpus_per_worker

    @property
    def processes(self) -> int:
        """How many processes of a worker train at once, where auto is one core."""
        return max(1, int(self.cores))


class BudgetTable(Table):
    """What ends the run: the first rule that holds; "none" lifts one."""

    evaluations: Optional[Count] = Field(60, description="programs trained")
    minutes: Optional[Amount] = Field(None, description="minutes at work")
    calls: Optional[Count] = Field(None, description="questions to language models")
    tokens: Optional[Count] = Field(None, description="language-model tokens, read and written")
    dollars: Optional[Amount] = Field(None, description="what models charge")
    target: Optional[float] = Field(
        None, description="fitness to be reached, on fresh seeds where promotions are made"
    )
    patience: Optional[Count] = Field(None, description="trials in a row without a new best")
    barren: Count = Field(300, description="trials in a row that train nothing")


class Config(Table):
    """A whole run's settings."""

    search: SearchTable = SearchTable()
    model: ModelTable = ModelTable()
    database: DatabaseTable = DatabaseTable()
    sandbox: SandboxTable = SandboxTable()
    fitness: FitnessTable = FitnessTable()
    evaluators: EvaluatorsTable = EvaluatorsTable()
    budget: BudgetTable = BudgetTable()
