// Takes the place of the theme's icon library, which weighs 1.5 MB; lesson.css draws the few icons.
