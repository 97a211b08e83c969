"""Jobs, whatever the service: queue, submit, resume, poll, fetch, delete."""
