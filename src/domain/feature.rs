//! What is a car equipped with? The closed list of what shoppers ask for.

macro_rules! features {
    ($($name:ident = $word:literal, $label:literal;)+) => {
        /// Equipment that people choose a car by. Stored and sent as its word.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum Feature {
            $(
                #[doc = $label]
                #[serde(rename = $word)]
                $name,
            )+
            /// One that a newer Headlight knows.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl Feature {
            /// Every one, in the order in which they are shown.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// How it stands in addresses: `heated-seats`.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ Self::Unknown => "unknown" }
            }

            /// How people say it: `Heated seats`.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)+ Self::Unknown => "Something newer" }
            }
        }
    };
}

features! {
    AllWheelDrive = "all-wheel-drive", "AWD or 4WD";
    Leather = "leather", "Leather";
    HeatedSeats = "heated-seats", "Heated seats";
    CooledSeats = "cooled-seats", "Cooled seats";
    HeatedWheel = "heated-wheel", "Heated steering wheel";
    ThirdRow = "third-row", "Third row";
    CaptainsChairs = "captains-chairs", "Captain’s chairs";
    MemorySeat = "memory-seat", "Memory seat";
    Sunroof = "sunroof", "Sunroof";
    PanoramicRoof = "panoramic-roof", "Panoramic roof";
    CarPlay = "carplay", "Apple CarPlay";
    AndroidAuto = "android-auto", "Android Auto";
    Navigation = "navigation", "Navigation";
    PremiumAudio = "premium-audio", "Premium audio";
    BackupCamera = "backup-camera", "Backup camera";
    SurroundCamera = "surround-camera", "360° camera";
    BlindSpot = "blind-spot", "Blind-spot monitor";
    AdaptiveCruise = "adaptive-cruise", "Adaptive cruise";
    LaneKeeping = "lane-keeping", "Lane keeping";
    ParkingSensors = "parking-sensors", "Parking sensors";
    KeylessEntry = "keyless-entry", "Keyless entry";
    PushStart = "push-start", "Push-button start";
    RemoteStart = "remote-start", "Remote start";
    PowerLiftgate = "power-liftgate", "Power liftgate";
    Tow = "tow", "Tow package";
    RoofRack = "roof-rack", "Roof rack";
    BedLiner = "bed-liner", "Bed liner";
    WirelessCharging = "wireless-charging", "Wireless charging";
    HeadUpDisplay = "head-up-display", "Head-up display";
    RearEntertainment = "rear-entertainment", "Rear entertainment";
}
