"""The ten kinds of things, one module each; each draws one thing at random."""

from household.objects.day_bed import day_bed
from household.objects.dishrag import dishrag
from household.objects.plate import plate
from household.objects.running_shoe import running_shoe
from household.objects.soap_dispenser import soap_dispenser
from household.objects.street_sign import street_sign
from household.objects.table_lamp import table_lamp
from household.objects.tile_roof import tile_roof
from household.objects.toilet_seat import toilet_seat
from household.objects.washing_machine import washing_machine

# The position in this list is the label.
OBJECTS = (
    day_bed,
    dishrag,
    plate,
    running_shoe,
    soap_dispenser,
    street_sign,
    table_lamp,
    tile_roof,
    toilet_seat,
    washing_machine,
)
CLASS_NAMES = tuple(draw.__name__.replace("_", " ") for draw in OBJECTS)
