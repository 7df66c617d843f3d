namespace HpcFit.Coordinator.Help;

/// <summary>Under which heading help lists an option, in the order of the headings.</summary>
internal enum OptionGroup
{
    /// <summary>Data files, cohorts, subjects and elements.</summary>
    Data,

    /// <summary>The model, whatever the engine.</summary>
    Model,

    /// <summary>Options of <c>--model lm</c>, some of them of <c>lmm</c>, too.</summary>
    Linear,

    /// <summary>Permutation tests of <c>--model lm</c>, and the enhancement of their maps.</summary>
    Permutation,

    /// <summary>Options of <c>--model lmm</c> only.</summary>
    Mixed,

    /// <summary>Options of <c>--model gam</c> only.</summary>
    Gam,

    /// <summary>Options of <c>--model custom</c> only.</summary>
    Custom,

    /// <summary>Names of results and how they are written.</summary>
    Results,

    /// <summary>Images: masks, templates, folders.</summary>
    Images,

    /// <summary>Types, chunks and compression of stored values.</summary>
    Storage,

    /// <summary>Workers, threads, jobs, retries, logs.</summary>
    Running,

    /// <summary>What jobs request from Slurm.</summary>
    Slurm,

    /// <summary>Which elements and columns a verb prints, and how.</summary>
    Printing,
}
