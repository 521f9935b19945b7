"""Every error a user can meet. A message says what happened, what was expected, and what to do."""


class CitedeskError(Exception):
    """The root of all errors raised by Citedesk."""


class ReadingError(CitedeskError):
    """A file cannot be read as an article."""


class QuestionError(CitedeskError):
    """A question cannot be asked as it is."""


class FilterError(CitedeskError):
    """A filter by day or outlet cannot be applied."""


class SettingsError(CitedeskError):
    """A setting has a value that cannot be used."""


class IndexFolderError(CitedeskError):
    """The index folder is absent, damaged or in use."""


class IndexMismatchError(IndexFolderError):
    """The index was made with other settings or another embedding model."""


class IndexBusyError(IndexFolderError):
    """Another process is writing to the index."""


class DamagedIndexError(IndexFolderError):
    """Part of the index is not as it was written."""


class UnknownArticleError(CitedeskError):
    """No article of the corpus has this id."""


class UnknownPluginError(CitedeskError):
    """No plug-in has this name, or it cannot be loaded."""


class MissingExtraError(CitedeskError):
    """A package or model that this part needs is not installed."""


class AnswererError(CitedeskError):
    """The answerer could not write: the endpoint is unreachable, refused the key, or replied with something else."""


class RecordError(CitedeskError):
    """Saved data does not describe the record it should."""


class ConversationsError(CitedeskError):
    """The file of conversations is damaged, in use, or none of ours."""
