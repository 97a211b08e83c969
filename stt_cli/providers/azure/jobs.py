"""The job half of the provider class: batch, fast transcription, web hooks.

Apart from recognition, so that what it needs is loaded with the first job.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from stt_cli.core.options import JobOptions, JobQuery
from stt_cli.providers.azure.credentials import Credentials
from stt_cli.providers.azure.endpoints import service_base
from stt_cli.providers.base import Provider

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource
    from stt_cli.core.catalogue import Model
    from stt_cli.core.errors import SttError
    from stt_cli.core.events import SubmissionEvent
    from stt_cli.core.job import Job
    from stt_cli.core.polling import PollPolicy
    from stt_cli.core.transcript import Transcript
    from stt_cli.core.webhook import RegisteredWebhook, WebhookReader
    from stt_cli.net.client import HttpClient
    from stt_cli.providers.azure.api import SpeechApi


_RATE = 100, 10.0
"""Requests in seconds, a resource (Azure documentation, "Quotas and limits")."""


class AzureJobs(Provider, ABC):
    """What a Speech resource does with jobs; bing's spec offers none of it."""

    def submit(
        self, source: AudioSource, options: JobOptions
    ) -> Iterator[SubmissionEvent]:
        """Create a batch job for an address; transcribe a file at once."""
        token = self.context.environment.new_hex_id()
        if source.url is not None:
            from stt_cli.providers.azure.batch import submit_url

            reference = options.client_reference_id or token
            return submit_url(self._api, source.url, options, reference, self.context)
        from stt_cli.providers.azure.fast import submit_file

        # It keeps nothing: one that was cut off is simply done again.
        return submit_file(self._api, source, options, token)

    def preview_submission(self, source: AudioSource, options: JobOptions) -> str:
        """Return the request that ``submit`` would send."""
        if source.url is None:
            from stt_cli.providers.azure.fast import preview_file

            return preview_file(self._api, source, options)
        import json

        from stt_cli.providers.azure.batch import submission_body

        reference = options.client_reference_id or "(new)"
        body = submission_body(self._api, source.url, options, reference)
        url = self._api.version.url(self._api.base, self._api.version.submit_path)
        return f"POST {url}\n{json.dumps(body, indent=2, ensure_ascii=False)}"

    def job(self, job_id: str) -> Job:
        """Return where a batch job stands."""
        from stt_cli.providers.azure import batch

        return batch.get_job(self._api, job_id)

    def look(self, job_ids: Sequence[str]) -> Iterator[tuple[str, Job | SttError]]:
        """Yield where jobs stand; many of them cost a list."""
        from stt_cli.providers.azure import batch

        return batch.look(self._api, job_ids)

    def jobs(self, query: JobQuery) -> Iterator[Job]:
        """Yield the batch jobs that exist."""
        from stt_cli.providers.azure import batch

        return batch.list_jobs(self._api, query)

    def job_transcripts(self, job: Job) -> Iterator[Transcript]:
        """Yield a job's transcripts, and the recordings that failed."""
        from stt_cli.providers.azure import batch

        return batch.transcripts(self._api, job)

    def update_job(
        self, job_id: str, name: str | None, params: Mapping[str, tuple[str, ...]]
    ) -> Job:
        """Change a batch job's labels."""
        from stt_cli.providers.azure import batch

        return batch.update_job(self._api, job_id, name, params)

    def delete_job(self, job_id: str) -> None:
        """Remove a batch job and its results."""
        from stt_cli.providers.azure import batch

        batch.delete_job(self._api, job_id)

    def polling(self, job: Job | None) -> PollPolicy:
        """Return how often to ask after a job."""
        from stt_cli.providers.azure import batch

        return batch.POLLING

    def models(self) -> Iterator[Model]:
        """Yield the base models of the resource's region."""
        from stt_cli.providers.azure.catalogue import list_models

        return list_models(self._api)

    def webhooks(self) -> Iterator[RegisteredWebhook]:
        """Yield the resource's web hooks."""
        from stt_cli.providers.azure.webhooks import list_webhooks

        return list_webhooks(self._api)

    def create_webhook(
        self, url: str, events: Sequence[str], name: str | None
    ) -> RegisteredWebhook:
        """Register a web hook for the resource."""
        from stt_cli.providers.azure.webhooks import create_webhook

        secret = self.context.secrets.get("webhook_secret")
        return create_webhook(self._api, url, events, secret, name)

    def call_webhook(self, webhook_id: str, action: str) -> None:
        """Let the service call a web hook."""
        from stt_cli.providers.azure.webhooks import call_webhook

        call_webhook(self._api, webhook_id, action)

    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a web hook."""
        from stt_cli.providers.azure.webhooks import delete_webhook

        delete_webhook(self._api, webhook_id)

    def webhook_reader(self) -> WebhookReader:
        """Return what reads notifications, by the secret of the settings."""
        from stt_cli.protocols.azure_rest.webhook import AzureWebhookReader

        return AzureWebhookReader(self.context.secrets.get("webhook_secret"))

    @cached_property
    def _api(self) -> SpeechApi:
        from stt_cli.net.rate_limit import RateLimit
        from stt_cli.protocols.azure_rest.versions import version_named
        from stt_cli.providers.azure.api import SpeechApi, api_credentials

        values = self.context.values
        base = service_base(
            region=values.get("region"),
            endpoint=self.context.endpoint,
            is_bing=False,
        )
        self._sender.rate_limit = RateLimit(base, *_RATE, self.context.environment)
        return SpeechApi(
            self._sender,
            api_credentials(self._credentials),
            base,
            version_named(values.get("api_version")),
            values.get("region"),
        )

    @property
    @abstractmethod
    def _credentials(self) -> Credentials: ...

    @property
    @abstractmethod
    def _sender(self) -> HttpClient: ...
