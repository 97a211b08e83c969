"""Microsoft (Bing) Speech as documented in 2018: Azure's client, older rules."""
