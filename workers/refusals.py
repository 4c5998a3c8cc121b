"""What an effect may say."""


class Hopeless(Exception):
    """It will never work, so that it is not tried again: the address does not exist, the payload makes no sense."""


class Needless(Exception):
    """There is nothing to be sent any more: what it was about has been done, or nobody is there to read it."""
