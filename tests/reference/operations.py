"""What the operator cancels and ends."""

from tests.reference.corrections import Corrections
from tests.reference.days import OF_THE_DAY
from tests.reference.order import Told


class Operations(Corrections):
    def cancel_by_venue(self, order_id: int, firm: str) -> list[Told]:
        """One order, or where its id is 0 all of a firm."""
        told = []
        for order in self.orders:
            meant = order.order_id == order_id if order_id else order.firm == firm
            if meant and order.leaves_qty:
                told.append(self.end("canceled", order, reason="market option"))
        return told + list(self.settle())

    def end_trading_day(self) -> list[Told]:
        """The day ends now; it will end at its time as well, which is when dates are over."""
        ending = [each for each in self.orders if each.leaves_qty]
        told = [self.end("expired", order) for order in ending if order.time_in_force in OF_THE_DAY]
        told += self.settle()
        self.forget()
        return told + list(self.carry_over())
