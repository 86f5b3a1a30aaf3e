"""Reading places are kept on the disk, and in memory where the disk can't take them."""

from pathlib import Path

from app.domain.chat.conversation import Conversation
from app.domain.chat.reading_place import ReadingPlace, TextSpot
from app.services.library.reading_places import ReadingPlaces
from app.store.library import Library

PLACE = ReadingPlace("m", TextSpot(1, 2, 3))


def library_with_a_conversation(directory: Path) -> Library:
    library = Library.open(directory)
    library.add_conversation(Conversation("c", "", 0.0, 0.0))
    return library


def test_a_place_is_there_in_the_next_run(tmp_path: Path) -> None:
    library = library_with_a_conversation(tmp_path)
    ReadingPlaces(library).put("c", PLACE)
    assert ReadingPlaces(library).of("c") == PLACE
    ReadingPlaces(library).put("c", None)
    assert ReadingPlaces(library).of("c") is None
    library.close()


def test_a_library_that_can_only_be_read_keeps_places_in_memory(tmp_path: Path) -> None:
    library_with_a_conversation(tmp_path).close()
    library = Library.open_to_read(tmp_path)
    assert library is not None
    places = ReadingPlaces(library)
    places.put("c", PLACE)
    assert places.of("c") == PLACE
    assert ReadingPlaces(library).of("c") is None
    library.close()
