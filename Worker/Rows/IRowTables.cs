using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Rows;

/// <summary>What an engine computes for some of the cohort's rows, and keeps for the elements at which these are observed.</summary>
internal interface IRowTables
{
    /// <summary>The design; null before the first. Once the tables are complete, its matrix is reused for other designs.</summary>
    DesignMatrix? Design { get; set; }

    /// <summary>Whether the tables belong to <see cref="Design"/>.</summary>
    bool IsFactored { get; set; }

    /// <summary>Computes the tables.</summary>
    /// <param name="design">The design on the observed rows.</param>
    /// <param name="finite">The cohort's rows from which it was built, ascending.</param>
    /// <param name="places">The places in the design of the rows in the fit, ascending; at least one.</param>
    void Factor(DesignMatrix design, ReadOnlySpan<int> finite, ReadOnlySpan<int> places);
}
