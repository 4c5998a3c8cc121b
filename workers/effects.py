"""What an effect may say."""


class Hopeless(Exception):
    """It will never work, so that it is not tried again: the address does not exist, the payload makes no sense."""
