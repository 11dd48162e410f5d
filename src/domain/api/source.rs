//! Where a fact of the API comes from.

/// How sure a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Confidence {
    /// The API reference that this library implements. Rules from it are errors.
    Reference,
    /// Another page of the vendor's documentation.
    Documented,
    /// Read in the vendor's own client or its tests, or in an answer of the live API.
    Observed,
    /// Claimed by third parties.
    Claimed,
}

/// The source of a row. One byte in a table; what it stands for is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// "Video Generation API", the reference.
    Reference,
    /// The vendor's pages of the models of version 2.0.
    ModelPages20,
    /// The vendor's pages of the models of version 2.5.
    ModelPages25,
    /// The vendor's page "Webhooks".
    Webhooks,
    /// The vendor's page "Async Tasks".
    AsyncTasks,
    /// The vendor's page "Multimodal Reference".
    MultimodalReference,
    /// The vendor's price list.
    PriceList,
    /// Further pages of the vendor's documentation: its API pages, examples and release notes.
    VendorPages,
    /// The vendor's open-source clients.
    VendorClient,
    /// The tests of the vendor's open-source clients.
    VendorTest,
    /// What a live answer showed.
    LiveAnswer,
    /// Public code and pages of others.
    ThirdParty,
    /// The help pages of the services that files are stored at.
    HostPages,
}

impl Source {
    /// The title of the source.
    pub const fn title(self) -> &'static str {
        match self {
            Source::Reference => "Video Generation API",
            Source::ModelPages20 => "Seedance 2.0 model pages",
            Source::ModelPages25 => "Seedance 2.5 model pages",
            Source::Webhooks => "Webhooks",
            Source::AsyncTasks => "Async Tasks",
            Source::MultimodalReference => "Multimodal Reference",
            Source::PriceList => "EvoLink price list",
            Source::VendorPages => "EvoLink documentation",
            Source::VendorClient => "EvoLink open-source clients",
            Source::VendorTest => "tests of the EvoLink open-source clients",
            Source::LiveAnswer => "an answer of the live API",
            Source::ThirdParty => "public code of third parties",
            Source::HostPages => "help pages of file hosts",
        }
    }

    /// How reliable its facts are.
    pub const fn confidence(self) -> Confidence {
        match self {
            Source::Reference => Confidence::Reference,
            Source::VendorClient | Source::VendorTest | Source::LiveAnswer => Confidence::Observed,
            Source::ThirdParty | Source::HostPages => Confidence::Claimed,
            _ => Confidence::Documented,
        }
    }

    /// When it was read last, as an ISO date.
    pub const fn read_on(self) -> &'static str {
        match self {
            Source::PriceList | Source::LiveAnswer => PRICES_READ_ON,
            Source::HostPages => "2026-11-27",
            _ => "2026-11-25",
        }
    }
}

/// When the price list was read last; prices change often.
pub const PRICES_READ_ON: &str = "2026-11-25";
