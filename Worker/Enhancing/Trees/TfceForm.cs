namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>How the integral over heights is evaluated: docs/decisions/enhancement.md.</summary>
internal enum TfceForm
{
    /// <summary>The integral itself.</summary>
    Exact,

    /// <summary>As MRtrix's mrclusterstats: heights in steps of dh, found by repeated addition; clusters are above the height.</summary>
    MRtrix,

    /// <summary>As FSL's randomise: the step is a hundredth of the unpermuted map's maximum; clusters are above the height.</summary>
    Fsl,

    /// <summary>As PALM: the step is a hundredth of each map's own maximum, and a factor; clusters reach the height.</summary>
    Palm,

    /// <summary>
    /// As nilearn: the step is a hundredth of each map's own largest absolute value; clusters reach the height.
    /// </summary>
    Nilearn,
}
