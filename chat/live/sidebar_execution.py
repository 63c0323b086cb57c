"""What the commands of the sidebar and of direct rooms do: a part of the table of `execution`."""

from chat.domain import direct_rooms, sidebar
from chat.protocol import sidebar_commands

from .executors import Executor, changes_own_state
from .room_execution import adds_room

EXECUTORS: dict[type, Executor] = {
    sidebar_commands.Direct: adds_room(direct_rooms.find_or_make, person="by"),
    sidebar_commands.Favourite: changes_own_state(sidebar.favourite),
    sidebar_commands.Mute: changes_own_state(sidebar.mute),
    sidebar_commands.Hide: changes_own_state(sidebar.hide),
    sidebar_commands.Fold: changes_own_state(sidebar.fold),
}
