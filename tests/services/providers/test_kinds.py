"""The table of provider kinds: every kind has every fact, and the facts agree with each other."""

from collections import Counter

import pytest

from app.api.dialects.dialect import NoPrefill, NotTaken
from app.api.dialects.table import DIALECTS
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.addresses import is_loopback, normal_address
from app.domain.providers.models import KNOWN_MODELS
from app.domain.providers.providers import KINDS, ProviderKind
from app.domain.sampling.samplers import Sampler
from app.services.providers.server_discovery import USUAL_PORTS


def test_every_kind_has_traits_and_a_dialect() -> None:
    assert list(KINDS) == list(ProviderKind)
    assert set(DIALECTS) == set(ProviderKind)


@pytest.mark.parametrize("kind", ProviderKind)
def test_a_kind_can_be_shown_and_added(kind: ProviderKind) -> None:
    traits = KINDS[kind]
    assert traits.label
    assert traits.name
    assert traits.subject
    assert traits.embedded == (not traits.base_url)
    if traits.base_url:
        assert normal_address(traits.base_url) == traits.base_url


@pytest.mark.parametrize("kind", ProviderKind)
def test_a_kind_that_needs_a_key_says_where_it_is_made_and_kept(kind: ProviderKind) -> None:
    traits = KINDS[kind]
    remote = bool(traits.base_url) and not is_loopback(traits.base_url)
    assert bool(traits.key_variable) == bool(traits.keys_page) == remote
    assert not traits.credit_page or traits.keys_page
    assert not traits.signs_in or traits.keys_page


@pytest.mark.parametrize("kind", ProviderKind)
def test_a_kind_has_all_samplers_in_an_order_with_a_source(kind: ProviderKind) -> None:
    order = KINDS[kind].sampler_order
    assert Counter(order.steps) == Counter(Sampler)
    assert order.source


@pytest.mark.parametrize("kind", ProviderKind)
def test_the_first_model_of_a_kind_is_known_with_its_price(kind: ProviderKind) -> None:
    traits = KINDS[kind]
    assert traits.model in {model.id for model in traits.models} | {""}
    assert all(model.price is not None for model in traits.models)


def test_every_known_model_belongs_to_a_kind() -> None:
    of_kinds = [model for traits in KINDS.values() for model in traits.models]
    assert Counter(model.id for model in of_kinds) == Counter(model.id for model in KNOWN_MODELS)


@pytest.mark.parametrize("kind", ProviderKind)
def test_a_dialect_says_how_it_prefills_and_refuses_in_sentences(kind: ProviderKind) -> None:
    dialect = DIALECTS[kind]
    names = {parameter.name for parameter in PARAMETERS}
    assert dialect.rules.keys() <= names
    assert {one.parameter for one in dialect.conflicts} <= names
    refusals = [rule.because for rule in dialect.rules.values() if isinstance(rule, NotTaken)]
    if isinstance(dialect.prefill, NoPrefill):
        refusals.append(dialect.prefill.because)
    assert all(sentence.endswith(".") for sentence in refusals)


@pytest.mark.parametrize("kind", ProviderKind)
def test_capabilities_have_their_requests(kind: ProviderKind) -> None:
    traits, dialect = KINDS[kind], DIALECTS[kind]
    assert traits.routes == (dialect.routing_field is not None)
    # A list that anybody gets proves no key: another request has to.
    assert traits.lists_publicly == (dialect.key_path is not None)


def test_each_port_and_owner_belongs_to_one_server() -> None:
    servers = [server for traits in KINDS.values() for server in traits.servers]
    for marks in ("ports", "owners"):
        counted = Counter(mark for server in servers for mark in getattr(server, marks))
        assert set(counted.values()) == {1}
    assert len(USUAL_PORTS) == sum(len(server.ports) for server in servers)
    for server in servers:
        assert server.name
        assert all(probe.path.startswith("/") for probe in server.probes)
