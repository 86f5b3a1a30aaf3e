"""Translation, repair of broken Unicode, marks for invisible characters, JSON differences."""
