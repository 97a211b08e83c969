"""Jobs at a service, provider-neutral: submit, look, wait, fetch, delete."""
