//! The roles that a tag can give to its file.

use crate::domain::words::words;

words! {
    /// What a tag asks of its file. [`Source::MultimodalReference`](super::Source::MultimodalReference)
    #[non_exhaustive]
    Role {
        /// The video begins with this image.
        FirstFrame = "first-frame",
        /// The video ends with this image.
        LastFrame = "last-frame",
        /// A person or creature that appears.
        Character = "character",
        /// The look of the video.
        Style = "style",
        /// The place of the action.
        Scene = "scene",
        /// A thing that appears.
        Object = "object",
        /// The arrangement of the picture.
        Composition = "composition",
        /// The movement of the camera.
        CameraMovement = "camera-movement",
        /// The movement of bodies.
        Choreography = "choreography",
        /// Effects and transitions.
        Effects = "effects",
        /// The clip is to be changed.
        Editing = "editing",
        /// The clip is to be continued.
        Extension = "extension",
        /// Music and rhythm.
        BackgroundMusic = "background-music",
        /// Speech.
        Voice = "voice",
        /// A sound effect.
        SoundEffect = "sound-effect",
    }
}
