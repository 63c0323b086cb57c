"""What runs a site in containers: the jobs that prepare it, the health check, the proxy's configuration.

Each job is a program of the image: `python -m project.deploy.NAME`.
"""
