"""Azure Speech, and Bing Speech, its ancestor of 2018 on the same wire."""
