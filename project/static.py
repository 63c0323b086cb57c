"""Storage of static files whose names contain a hash of their content, also in `import` statements."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """When a JavaScript module changes, the names of all modules that import it change, too: no stale module is used.

    https://docs.djangoproject.com/en/5.2/ref/contrib/staticfiles/#manifeststaticfilesstorage
    """

    support_js_module_import_aggregation = True
    # A pass changes the names of modules whose imports have changed names. How many it takes depends on how deep the
    # imports are, and on the order in which the file system lists the modules: Django's 5 were too few at times.
    max_post_process_passes = 30
