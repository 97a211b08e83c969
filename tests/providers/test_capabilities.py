"""What a provider lacks is told by its capabilities, and it has what it promises."""

from __future__ import annotations

import importlib

import pytest

from stt_cli.core.errors import UsageError
from stt_cli.core.options import JobQuery
from stt_cli.providers.base import OFFERED_METHODS, Provider
from stt_cli.providers.registry import our_names, provider_spec
from stt_cli.providers.spec import OFFERS, Capability, ProviderSpec
from tests.fake_time import context
from tests.sample_provider import SPEC


def class_of(spec: ProviderSpec) -> type[Provider]:
    """Return the class of a provider, made ready without a network."""
    name, _, function = spec.factory.partition(":")
    return type(getattr(importlib.import_module(name), function)(context()))


@pytest.mark.parametrize("name", our_names())
@pytest.mark.parametrize("method", sorted(OFFERED_METHODS))
def test_a_provider_defines_what_it_promises_and_nothing_else(
    name: str, method: str
) -> None:
    spec = provider_spec(name)
    defined = getattr(class_of(spec), method) is not getattr(Provider, method)
    promised = spec.can(OFFERED_METHODS[method])
    assert defined is promised


def test_every_capability_that_offers_a_method_can_be_named() -> None:
    assert set(OFFERED_METHODS.values()) <= OFFERS.keys()


def test_what_is_not_offered_is_the_users_mistake() -> None:
    provider = Provider(SPEC, context())
    with pytest.raises(UsageError, match="cloud does not support batch jobs"):
        provider.jobs(JobQuery())


def test_what_is_promised_and_not_there_is_the_providers() -> None:
    provider = Provider(SPEC, context())
    assert provider.spec.can(Capability.RECOGNIZE)
    with pytest.raises(NotImplementedError, match="promises recognize"):
        provider.recognize(None, None)  # type: ignore[arg-type]
