"""Where Fernhill Supply sells, what, and to whom."""

from tenants.demo.vocabulary import Industry, Place, Product

PLACES = (
    Place("New York, Buffalo", "Buffalo", "716", "east", 6, ("Elmwood Ave", "Niagara St", "Clinton St")),
    Place("New Jersey, Edison", "Edison", "732", "east", 8, ("Raritan Center Pkwy", "Mill Rd", "Fernwood Ave")),
    Place("Pennsylvania, Allentown", "Allentown", "610", "east", 7, ("Airport Rd", "Hamilton Blvd", "Snowdrift Rd")),
    Place("Massachusetts, Worcester", "Worcester", "508", "east", 5, ("Southbridge St", "Millbury St")),
    Place("Connecticut, Danbury", "Danbury", "203", "east", 4, ("Federal Rd", "Commerce Dr")),
    Place("Ohio, Columbus", "Columbus", "614", "east", 7, ("Westbelt Dr", "Fisher Rd", "Alum Creek Dr")),
    Place("Ohio, Cleveland", "Cleveland", "216", "east", 4, ("Brookpark Rd", "Lakeside Ave")),
    Place("Michigan, Grand Rapids", "Grand Rapids", "616", "north", 5, ("Broadmoor Ave", "Patterson Ave")),
    Place("Wisconsin, Milwaukee", "Milwaukee", "414", "north", 4, ("W Bradley Rd", "S 13th St")),
    Place("Minnesota, St. Paul", "St. Paul", "651", "north", 3, ("Energy Park Dr", "Como Ave")),
    Place("Illinois, Joliet", "Joliet", "815", "north", 6, ("Laraway Rd", "Mound Rd")),
    Place("Texas, Dallas", "Dallas", "214", "south", 8, ("Irving Blvd", "Harry Hines Blvd", "Quebec St")),
    Place("Texas, Houston", "Houston", "713", "south", 7, ("Gessner Rd", "Fairbanks N Houston Rd")),
    Place("Georgia, Atlanta", "Atlanta", "404", "south", 7, ("Fulton Industrial Blvd", "Marietta Blvd")),
    Place("North Carolina, Charlotte", "Charlotte", "704", "south", 6, ("Westinghouse Blvd", "Statesville Rd")),
    Place("Tennessee, Memphis", "Memphis", "901", "south", 6, ("Lamar Ave", "E Shelby Dr")),
    Place("Florida, Tampa", "Tampa", "813", "south", 4, ("E Broadway Ave", "Adamo Dr")),
    Place("Alabama, Birmingham", "Birmingham", "205", "south", 3, ("Vanderbilt Rd", "Finley Blvd")),
    Place("California, Fresno", "Fresno", "559", "west", 5, ("S Cherry Ave", "E Central Ave")),
    Place("California, Oakland", "Oakland", "510", "west", 4, ("San Leandro St", "Doolittle Dr")),
    Place("Washington, Tacoma", "Tacoma", "253", "west", 4, ("Port of Tacoma Rd", "S Tacoma Way")),
    Place("Oregon, Portland", "Portland", "503", "west", 4, ("NW Front Ave", "NE Columbia Blvd")),
    Place("Colorado, Denver", "Denver", "303", "west", 3, ("Brighton Blvd", "Havana St")),
)

PRODUCTS = (
    Product("double-wall cartons", "pcs", (0.9, 2.4), (3000, 40000), "shipping"),
    Product("stretch film", "rolls", (7, 14), (200, 4000), "pallet wrapping"),
    Product("packing tape", "cases", (38, 62), (50, 700), "box sealing"),
    Product("barcode labels", "rolls", (6, 12), (300, 6000), "inbound labelling"),
    Product("thermal ribbons", "rolls", (8, 17), (200, 2500), "label printing"),
    Product("nitrile gloves", "cases", (55, 96), (40, 700), "shop-floor safety"),
    Product("safety shoes", "pairs", (42, 88), (50, 900), "shop-floor safety"),
    Product("cleanroom wipes", "cases", (48, 90), (40, 700), "cleaning"),
    Product("pallet racking", "bays", (140, 320), (20, 320), "the warehouse extension"),
    Product("storage totes", "pcs", (9, 19), (300, 5000), "line feeding"),
    Product("foam inserts", "sets", (0.6, 1.9), (5000, 60000), "product protection"),
    Product("vacuum pouches", "thousand", (85, 190), (30, 600), "food packing"),
    Product("insulated shippers", "pcs", (4, 11), (1000, 15000), "chilled orders"),
    Product("air-column bags", "rolls", (22, 41), (100, 1500), "fragile goods"),
)

INDUSTRIES = (
    Industry(
        "Food processing",
        ("Foods", "Bakery", "Provisions"),
        ("frozen dumplings", "roasted nuts", "cured meats", "artisan bread", "hot sauces"),
        (0, 2, 11, 12, 3),
        ("PackRight", "Colorhouse Print"),
        5,
    ),
    Industry(
        "Electronics",
        ("Electronics", "Circuits", "Photonics"),
        ("wiring harnesses", "LED drivers", "headphones", "circuit boards"),
        (3, 4, 7, 9, 10),
        ("LabelWorks", "StaticSafe"),
        5,
    ),
    Industry(
        "Metalworking",
        ("Machine Works", "Fasteners", "Tooling", "Fabrication"),
        ("custom fasteners", "bathroom fittings", "small gearboxes", "locks", "pneumatic parts"),
        (0, 5, 6, 8, 9),
        ("GuardPro Safety", "Titan Racking"),
        5,
    ),
    Industry(
        "Online retail",
        ("Home Goods", "Outfitters", "Pet Supply", "Goods"),
        ("women's fashion online", "household goods online", "baby products", "pet food subscriptions"),
        (0, 1, 2, 3, 13),
        ("PackRight", "QuickShip Supplies"),
        5,
    ),
    Industry(
        "Logistics",
        ("Logistics", "Freight", "Fulfillment", "Warehousing"),
        ("e-commerce fulfillment", "regional LTL freight", "chilled delivery", "bonded storage"),
        (1, 2, 3, 8, 12),
        ("Titan Racking", "QuickShip Supplies"),
        4,
    ),
    Industry(
        "Textiles",
        ("Apparel", "Textiles", "Knitwear", "Linens"),
        ("contract denim", "children's knitwear", "bed linen", "sports fabrics"),
        (0, 2, 3, 1),
        ("LabelWorks", "Meridian Paper"),
        3,
    ),
    Industry(
        "Furniture",
        ("Furniture", "Woodworks", "Interiors"),
        ("oak dining sets", "office chairs", "fitted wardrobes", "garden furniture"),
        (0, 10, 13, 1),
        ("Meridian Paper", "FoamCraft"),
        3,
    ),
    Industry(
        "Automotive parts",
        ("Auto Parts", "Brakes", "Motor Components"),
        ("brake pads", "headlight units", "wiper blades", "floor mats"),
        (5, 6, 8, 9, 10),
        ("GuardPro Safety", "ToteLine"),
        3,
    ),
    Industry(
        "Medical devices",
        ("Medical", "Biosciences", "Health"),
        ("disposable syringes", "test kits", "orthopedic braces"),
        (7, 3, 12, 5),
        ("PureWipe", "LabelWorks"),
        2,
    ),
    Industry(
        "Cosmetics",
        ("Cosmetics", "Personal Care", "Naturals"),
        ("shampoo for store brands", "face masks", "scented candles"),
        (0, 3, 13, 10),
        ("Colorhouse Print", "Meridian Paper"),
        2,
    ),
    Industry(
        "Restaurants",
        ("Kitchens", "Restaurant Group"),
        ("a smoothie bar chain", "neighborhood grills", "a central kitchen"),
        (11, 12, 5, 3),
        ("PackRight", "QuickShip Supplies"),
        2,
    ),
    Industry(
        "Wine and farm goods",
        ("Vineyards", "Farms", "Orchards"),
        ("table wines", "cider", "organic rice", "wildflower honey"),
        (0, 13, 10, 3),
        ("Colorhouse Print", "FoamCraft"),
        2,
    ),
    Industry(
        "Energy",
        ("Solar", "Power Systems", "Energy"),
        ("solar mounts", "car chargers", "battery packs"),
        (5, 6, 8, 10, 1),
        ("Titan Racking", "GuardPro Safety"),
        2,
    ),
    Industry(
        "Printing",
        ("Printing", "Packaging", "Paper"),
        ("folding cartons", "stickers", "gift bags"),
        (1, 2, 4, 7),
        ("QuickShip Supplies", "StaticSafe"),
        1,
    ),
)

# Area codes of the United States; 555-01xx is kept free for stories in each.
AREAS = """
201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252 253 254 256 260 262 267
269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 325 330 334 336 337 339 347 351 352 360
361 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 425 432 434 435 440 443 469 478 479 480 501 502 503 504 505 507
508 509 510 512 513 515 516 517 518 520 530 540 541 551 559 561 562 563 567 570 571 573 574 580 585 586 601 602 603 605 606 607 608 609
610 612 614 615 616 617 618 619 620 623 626 630 631 636 641 646 650 651 660 661 662 678 682 701 702 703 704 706 707 708 712 713 714 715
716 717 718 719 720 724 727 731 732 734 740 754 757 760 763 765 770 772 773 774 775 781 785 786 801 802 803 804 805 806 808 810 812 813
814 815 816 817 818 828 830 831 832 843 845 847 848 850 856 857 858 859 860 863 864 865 870 901 903 904 906 907 908 909 910 912 913 914
915 916 917 918 919 920 925 928 931 936 937 940 941 947 949 951 952 954 956 970 971 972 973 978 979 980 985 989
""".split()  # noqa: SIM905
