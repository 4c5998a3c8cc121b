"""Halves of company names, and what people are called."""

BRANDS = (
    (
        "Ash", "Birch", "Black", "Blue", "Bright", "Brook", "Cedar", "Clear", "Copper", "Crest", "East", "Elm", "Fair", "Fox", "Glen",
        "Gold", "Granite", "Green", "Hazel", "Iron", "Lake", "Maple", "North", "Oak", "Pine", "Red", "River", "Rock", "Silver", "South",
        "Stone", "Summer", "Thorn", "West", "Wild", "Willow", "Winter",
    ),
    (
        "field", "brook", "bridge", "ridge", "wood", "gate", "haven", "dale", "ford", "view", "well", "bank", "cliff", "mont", "hurst",
        "port", "land", "mark", "moor", "stead", "water", "wick", "crest", "point", "vale",
    ),
)  # fmt: skip

SURNAMES = (
    "Abbott", "Adler", "Alvarez", "Ames", "Avery", "Barlow", "Bennett", "Blake", "Boone", "Brandt", "Briggs", "Calloway", "Chen", "Cole",
    "Cortez", "Cross", "Dalton", "Delgado", "Dixon", "Ellis", "Farrow", "Finch", "Fischer", "Frost", "Garner", "Gibbs", "Grant", "Hale",
    "Hart", "Hayes", "Hobbs", "Hughes", "Ibarra", "Jensen", "Kaplan", "Keller", "Khan", "Kim", "Lang", "Lowell", "Marsh", "Mercer",
    "Monroe", "Navarro", "Nolan", "Okafor", "Osborne", "Park", "Patel", "Pierce", "Quinn", "Ramos", "Reyes", "Rhodes", "Rossi", "Sanders",
    "Shah", "Sloan", "Sutton", "Tate", "Thorne", "Vance", "Vega", "Wagner", "Walsh", "Webb", "Wong", "Yates",
)  # fmt: skip

# Women's, men's.
GIVEN = (
    (
        "Alice", "Amara", "Anita", "Beth", "Carmen", "Claire", "Dana", "Elena", "Erin", "Fiona", "Hannah", "Irene", "Jade", "Karen",
        "Laura", "Lucia", "Megan", "Naomi", "Olivia", "Paula", "Priya", "Rachel", "Sofia", "Tara", "Vera", "Yvonne",
    ),
    (
        "Aaron", "Alan", "Brian", "Carl", "Colin", "David", "Derek", "Eric", "Felix", "Frank", "George", "Hugo", "Ivan", "James", "Kevin",
        "Leo", "Marcus", "Nathan", "Oscar", "Paul", "Raj", "Simon", "Tom", "Victor", "Walter", "Yusuf",
    ),
)  # fmt: skip
