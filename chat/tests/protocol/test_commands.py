"""The schemas of commands."""

import inspect

from chat.protocol.commands import COMMANDS, Command, Edit, History


def test_every_command_class_is_in_the_table_under_its_type():
    assert set(COMMANDS.values()) == set(Command.__subclasses__())
    assert all(command.model_fields["type"].default == name for name, command in COMMANDS.items())


def test_every_command_has_a_description_of_its_own():
    assert all(inspect.getdoc(command) != inspect.getdoc(Command) for command in COMMANDS.values())


def test_the_arguments_of_a_command_are_the_fields_that_it_adds():
    assert Edit(ref=7, message=5, body="Ahoy").arguments() == {"message": 5, "body": "Ahoy"}
    places = {"before": 9, "after": None, "around": None}
    assert History(room="lobby", before=9).arguments() == {"room": "lobby", "limit": 50} | places
