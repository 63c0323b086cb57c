"""Runs a site in containers: the jobs that prepare it, the health check, the configuration of the proxy.

Each job is a program of the image: `python -m project.deploy.NAME`.
"""
