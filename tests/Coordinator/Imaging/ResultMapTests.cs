using HpcFit.Coordinator.Imaging.Exporting;

namespace HpcFit.Coordinator.Tests.Imaging;

public sealed class ResultMapTests
{
    [Fact]
    public void P_values_get_two_more_maps_and_the_names_are_ModelArrayIOs()
    {
        string[] columns = ["element_id", "poly(Age, 2)1.estimate", "sex F/M.p.value.fdr"];
        ResultMap
            .From(columns, [0, 1, 2])
            .Select(map => (map.Column, map.Value, map.Name))
            .ShouldBe([
                (0, MapValue.Itself, "element_id"),
                (1, MapValue.Itself, "poly(Age,_2)1.estimate"),
                (2, MapValue.Itself, "sex_F_M.p.value.fdr"),
                (2, MapValue.OneMinus, "sex_F_M.1m.p.value.fdr"),
                (2, MapValue.NegativeLog10, "sex_F_M.p.value.fdr.neglog10"),
            ]);
    }

    [Fact]
    public void A_column_of_logarithms_is_used_and_not_computed_again() =>
        ResultMap
            .From(["a.p.value", "a.p.value.neglog10"], [0, 1])
            .Select(map => map.Name)
            .ShouldBe(["a.p.value", "a.1m.p.value", "a.p.value.neglog10"]);

    [Theory]
    [InlineData(MapValue.Itself, "g.p.value.fwe.gpd", "below 1.2E-05")]
    [InlineData(MapValue.OneMinus, "g.p.value.fwe.gpd", "above 0.999988")]
    [InlineData(MapValue.NegativeLog10, "g.p.value.fwe.gpd", "above 4.9208")]
    [InlineData(MapValue.Itself, "g.p.value.fwe.gpd.neglog10", "above 4.9208")]
    internal void Extrapolated_values_are_those_of_the_quantity_that_is_shown(MapValue value, string column, string values) =>
        new ResultMap(0, value, column).ExtrapolatedValues(new(column, 0.000012, 3)).ShouldBe(values);

    [Fact]
    public void The_negative_logarithm_keeps_what_single_precision_loses()
    {
        double[] values = [1e-50, 1e-9, 1, double.NaN];
        new ResultMap(0, MapValue.NegativeLog10, "p").Apply(values);
        values[..3].Select(value => (float)value).ShouldBe([50, 9, 0]);
        values[3].ShouldBe(double.NaN);
    }
}
